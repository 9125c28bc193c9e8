import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describeKafka, useKafka } from '../../../src/broker/index';
import { EXERCISES } from '../../../src/course/exercises/manifest';
import { exportedNames } from '../../../src/course/gradebook/intake/map-answers';
import type { GradingResult } from '../../../src/course/grading/result';
import { callCourse } from './call-course';
import { ProjectCopy } from './project-copy';

const ROOT = path.join(__dirname, '..', '..', '..');
const HAS_SOLUTIONS = fs.existsSync(path.join(ROOT, 'solutions'));
const describeWithSolutions = HAS_SOLUTIONS ? describe : describe.skip;
const reason = HAS_SOLUTIONS ? '' : ' (skipped: this branch has no solutions)';
/** A machine on which nobody has told git who they are. */
const NOBODY = { HOME: os.tmpdir(), GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' };
/** What proves the graders. */
const GIVING_AWAY = /^(?:solutions|test\/(?:wrong-answers|right-answers|mutants|reference))\//;

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...NOBODY },
    maxBuffer: 64 * 1024 * 1024,
  });
}

const filesOf = (folder: string, ref: string): string[] =>
  git(folder, 'ls-tree', '-r', '--name-only', ref).trim().split('\n');

function solutionOf(slug: string, file: string): string {
  return fs.readFileSync(path.join(ROOT, 'solutions', slug, file), 'utf8');
}

describeWithSolutions(`npm run branch${reason}`, () => {
  let copy: ProjectCopy;
  let clone: string;

  beforeAll(async () => {
    copy = new ProjectCopy();
    git(copy.folder, 'init', '-q', '-b', 'main');
    fs.appendFileSync(copy.path('.git', 'info', 'exclude'), 'node_modules\n.course\n');
    git(copy.folder, 'add', '.');
    git(copy.folder, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'all');
    for (const name of ['learner', 'solution']) {
      const { code, stdout, stderr } = await copy.course(['branch', name], NOBODY);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toMatch(/not committed/);
    }
    clone = fs.mkdtempSync(path.join(os.tmpdir(), 'course-learner-'));
    git(
      os.tmpdir(),
      'clone',
      '-q',
      '--no-local',
      '--single-branch',
      '--branch',
      'learner',
      copy.folder,
      clone,
    );
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(clone, 'node_modules'), 'junction');
  }, 120_000);
  afterAll(() => {
    copy.remove();
    fs.rmSync(clone, { recursive: true, force: true });
  });

  it('needs no identity, touches neither work tree nor index, and says so only when changes are left out', async () => {
    expect(git(copy.folder, 'status', '--porcelain')).toBe('');
    fs.appendFileSync(copy.path('README.md'), 'changed\n');
    expect((await copy.course(['branch', 'learner'], NOBODY)).stdout).toMatch(/not committed are not in it/);
    git(copy.folder, 'checkout', '-q', 'README.md');
  });

  it('writes a learner branch of one commit, the same each time, in whose objects no answer is', async () => {
    const commits = git(clone, 'rev-list', '--all').trim().split('\n');
    expect(commits).toHaveLength(1);
    expect((await copy.course(['branch', 'learner'], NOBODY)).code).toBe(0);
    expect(git(copy.folder, 'rev-parse', 'learner').trim()).toBe(commits[0]);
    const given = filesOf(copy.folder, 'main').filter((file) => GIVING_AWAY.test(file));
    expect(given.length).toBeGreaterThan(100);
    const objects = new Set(
      git(clone, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n'),
    );
    const found = given.filter((file) => objects.has(git(copy.folder, 'rev-parse', `main:${file}`).trim()));
    expect(found).toEqual([]);
  });

  it('leaves out what runs by itself and what gives answers away, and keeps what a learner needs', () => {
    const files = filesOf(clone, 'HEAD');
    expect(files.filter((file) => GIVING_AWAY.test(file) || /^\.(?:github|ci)\//.test(file))).toEqual([]);
    for (const { slug, files: own } of EXERCISES) {
      for (const file of [...own, 'README.md']) expect(files).toContain(`exercises/${slug}/${file}`);
    }
  });

  it('writes stubs whatever has been solved in the commit that it is made from', async () => {
    expect((await copy.course(['branch', 'learner', '--from', 'solution'], NOBODY)).code).toBe(0);
    for (const { slug, files } of EXERCISES) {
      for (const file of files) {
        const text = git(copy.folder, 'show', `learner:exercises/${slug}/${file}`);
        expect(text).toContain('not started yet');
        expect(text).not.toBe(solutionOf(slug, file));
      }
    }
  });

  it('refuses a commit that has no solutions to make stubs from', async () => {
    const { code, stderr } = await copy.course(['branch', 'learner', '--from', 'learner'], NOBODY);
    expect(stderr).toMatch(/^solutions\/01-high-throughput\/config\.ts is not in that commit/);
    expect(code).toBe(2);
  });

  it('writes a solution branch with every exercise solved', () => {
    for (const { slug, files } of EXERCISES) {
      for (const file of files) {
        expect(git(copy.folder, 'show', `solution:exercises/${slug}/${file}`)).toBe(solutionOf(slug, file));
      }
    }
  });

  describe('a cheater', () => {
    async function grade(
      project: string,
      texts: (slug: string, exported: string) => string,
    ): Promise<GradingResult> {
      const kafka = await useKafka();
      const answers = fs.mkdtempSync(path.join(os.tmpdir(), 'cheat-'));
      try {
        for (const { slug, files } of EXERCISES) {
          const [file = ''] = files;
          const [exported = ''] = exportedNames(
            fs.readFileSync(path.join(clone, 'exercises', slug, file), 'utf8'),
          );
          fs.mkdirSync(path.join(answers, slug));
          fs.writeFileSync(path.join(answers, slug, file), texts(slug, exported));
        }
        const json = path.join(answers, 'result.json');
        const env = { COURSE_KAFKA: JSON.stringify(describeKafka(kafka)) };
        const { stderr } = await callCourse(
          project,
          project,
          ['grade', '--answers', answers, '--json', json],
          env,
        );
        if (!fs.existsSync(json)) throw new Error(stderr);
        return JSON.parse(fs.readFileSync(json, 'utf8')) as GradingResult;
      } finally {
        fs.rmSync(answers, { recursive: true });
        await kafka.stop();
      }
    }
    /** Under other names than the exercise has, the course's own class does the same. */
    const OWN_NAMES: Readonly<Record<string, string>> = {
      KeyPartitioner: 'BuiltInPartitioner',
      StickyPartitioner: 'StickyPartitionCache',
      orderSerializer: 'JsonSerializer',
      resolveIdempotence: 'resolveProducerConfig',
    };

    it.each<[string, (slug: string, exported: string) => string]>([
      [
        "re-exports the course's own classes",
        (_, name) => `export { ${OWN_NAMES[name] ?? name} as ${name} } from '../../src/producer/index';`,
      ],
      [
        'takes the internals',
        (slug, name) =>
          `export { ${name} } from '../../src/producer/internals/${slug.replace(/^\d\d-/, '')}';`,
      ],
      [
        'goes to the solutions through src',
        (slug) =>
          `export * from '../../src/../solutions/${slug}/${EXERCISES.find((one) => one.slug === slug)!.files[0]!.replace(/\.ts$/, '')}';`,
      ],
      [
        'asks require for the solutions, by their full path',
        (slug, name) =>
          `export const ${name} = require(${JSON.stringify(path.join(ROOT, 'solutions', slug))} + '/${EXERCISES.find((one) => one.slug === slug)!.files[0]!}').${name};`,
      ],
      [
        'reads the solutions with every way to the file system',
        (_, name) =>
          `const fs = (process as any).getBuiltinModule?.('fs') ?? (process as any).mainModule?.require('fs') ?? (process as any).binding('fs');
           export const ${name} = fs.readFileSync('solutions', 'utf8');`,
      ],
    ])(
      'who %s gets no point, where there are solutions',
      async (_, texts) => {
        const { score, exercises } = await grade(copy.folder, texts);
        expect(exercises.filter((one) => one.score > 0).map(({ slug }) => slug)).toEqual([]);
        expect(score).toBe(0);
      },
      300_000,
    );

    it('who guesses one letter for all predictions gets under 3 % of all points', async () => {
      for (const letter of ['a', 'b', 'c', 'd']) {
        const text = `export const answers = new Proxy({}, { get: () => '${letter}' });`;
        const { score, maxScore } = await grade(copy.folder, (_, name) =>
          name === 'answers' ? text : `export const ${name} = null;`,
        );
        expect(score).toBeGreaterThan(0);
        expect(score / maxScore).toBeLessThan(0.03);
      }
    }, 600_000);

    it('finds nothing to copy or to take a vote over, but the producer that the course is about', () => {
      const wanted = EXERCISES.flatMap(({ slug, files }) =>
        exportedNames(fs.readFileSync(path.join(clone, 'exercises', slug, files[0]!), 'utf8')),
      );
      const giving = filesOf(clone, 'HEAD')
        .filter((file) => file.endsWith('.ts') && !/^(?:exercises|stubs|src)\//.test(file))
        .filter((file) => {
          const names = exportedNames(fs.readFileSync(path.join(clone, file), 'utf8'));
          return names.some((name) => wanted.includes(name));
        });
      expect(giving).toEqual([]);
    });
  });
});
