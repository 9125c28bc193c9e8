import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { exerciseNames } from '../../../src/course/cli/new-command';
import type { GradingResult } from '../../../src/course/grading/result';
import { NO_BROKER, ProjectCopy } from './project-copy';

const SLUG = '96-batch-counting';

let copied: ProjectCopy | undefined;
let copy: ProjectCopy;
/** Made only by the tests that use one: it is a few hundred files. */
const copyProject = (): void => void (copied = copy = new ProjectCopy());
afterEach(() => {
  copied?.remove();
  copied = undefined;
});

async function grade(answers: string): Promise<GradingResult['exercises'][number]> {
  const json = copy.path('result.json');
  const args = ['grade', SLUG, '--answers', answers, '--json', json];
  const { stderr } = await copy.course(args, { COURSE_KAFKA: NO_BROKER });
  if (!fs.existsSync(json)) throw new Error(`nothing was graded: ${stderr}`);
  return (JSON.parse(fs.readFileSync(json, 'utf8')) as GradingResult).exercises[0]!;
}

/** Folders laid out like `exercises/` with one known answer in each. */
function stage(kind: 'wrong-answers' | 'right-answers'): { folder: string; text: string }[] {
  const known = copy.path('test', kind, SLUG);
  return fs.readdirSync(known).map((name) => {
    const folder = copy.path(`staged-${kind}-${name}`);
    fs.mkdirSync(path.join(folder, SLUG), { recursive: true });
    const text = fs.readFileSync(path.join(known, name), 'utf8');
    fs.writeFileSync(path.join(folder, SLUG, 'batch-counting.ts'), text);
    return { folder, text };
  });
}

describe('course new', () => {
  it('makes an exercise whose solution passes, whose stub is not started, and whose known answers are told apart', async () => {
    copyProject();
    const made = await copy.course(['new', SLUG]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(await grade('solutions')).toMatchObject({ slug: SLUG, status: 'pass', score: 2, maxScore: 2 });
    const untouched = await grade('exercises');
    expect(untouched.tests.map(({ status }) => status)).toEqual(['todo', 'todo']);
    const right = stage('right-answers');
    expect(right).toHaveLength(2);
    for (const { folder } of right) expect(await grade(folder)).toMatchObject({ status: 'pass', score: 2 });
    const wrong = stage('wrong-answers');
    expect(wrong).toHaveLength(6);
    for (const { folder, text } of wrong) {
      const [, caughtBy] = /^\/\/ caught by: (.+)/.exec(text)!;
      const { tests, score } = await grade(folder);
      const failed = tests.filter(({ status }) => status === 'fail').map(({ name }) => name);
      expect({ text, failed, score }).toEqual({ text, failed: [caughtBy], score: 1 });
    }
  }, 180_000);

  it('writes what the gate accepts: formatting, lint, and stubs in step', async () => {
    copyProject();
    // As long as names get, so that lines break elsewhere.
    const slug = '97-an-exercise-with-a-name-that-is-rather-long';
    const before = copy.files();
    expect((await copy.course(['new', slug])).code).toBe(0);
    const written = [...copy.files()].filter(([file, text]) => before.get(file) !== text);
    expect(written.length).toBe(15);
    const sources = written.map(([file]) => file).filter((file) => file.endsWith('.ts'));
    const tool = (script: string, ...args: string[]) =>
      spawnSync(process.execPath, [copy.path('node_modules', script), ...args], {
        cwd: copy.folder,
        encoding: 'utf8',
      });
    expect(tool('prettier/bin/prettier.cjs', '--check', ...sources).stderr).toBe('');
    const lint = tool('eslint/bin/eslint.js', '--max-warnings', '0', ...sources);
    expect(lint.stdout + lint.stderr).toBe('');
  });

  it('lists the exercise where its number belongs', async () => {
    copyProject();
    expect((await copy.course(['new', '00-first-of-all'])).code).toBe(0);
    expect((await copy.course(['new', '98-second-to-last'])).code).toBe(0);
    expect((await copy.course(['new', '97-third-to-last'])).code).toBe(0);
    const { stdout } = await copy.course(['list']);
    const slugs = stdout.split('\n').flatMap((line) => /^\s*(\d\d-[\w-]+)/.exec(line)?.[1] ?? []);
    expect(slugs).toEqual([...slugs].sort());
    expect(slugs[0]).toBe('00-first-of-all');
    expect(slugs.slice(-2)).toEqual(['97-third-to-last', '98-second-to-last']);
  });

  it.each([
    ['06-key-partitioner', /taken.*06-key-partitioner/],
    ['06-another', /taken.*06-key-partitioner/],
    ['96-key-partitioner', /taken.*06-key-partitioner/],
    ['key-partitioner', /no slug.*two digits/],
    ['96-Upper', /no slug/],
    ['96-../../evil', /no slug/],
    ['96-', /no slug/],
    ['96-delete', /name of a function/],
  ])('knows %s for a name that it cannot take', (slug, sentence) => {
    expect(() => exerciseNames(slug, ['05-buffer-pool', '06-key-partitioner'])).toThrow(sentence);
  });

  it('refuses a taken slug with one sentence, and writes nothing', async () => {
    copyProject();
    const before = copy.files();
    const { code, stdout, stderr } = await copy.course(['new', '06-key-partitioner']);
    expect(stderr).toMatch(/^"06-key-partitioner" is taken: .*\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(copy.files()).toEqual(before);
  });

  it('refuses a slug of which one file is there, and writes nothing', async () => {
    copyProject();
    const file = copy.path('test', 'right-answers', SLUG, 'counts-one-by-one.ts');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '');
    const before = copy.files();
    const { code, stderr } = await copy.course(['new', SLUG]);
    expect(stderr).toMatch(/is there already/);
    expect(code).toBe(2);
    expect(copy.files()).toEqual(before);
  });
});
