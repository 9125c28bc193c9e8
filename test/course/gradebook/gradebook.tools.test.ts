import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse/sync';
import { describeKafka, startKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { findExercise } from '../../../src/course/exercises/manifest';
import { callCourse } from '../cli/call-course';
import type { Outcome } from '../cli/call-course';
import { writeFiles, writeZip } from './made-archives';

const ROOT = path.join(__dirname, '..', '..', '..');
const HAS_SOLUTIONS = fs.existsSync(path.join(ROOT, 'solutions'));
const describeWithSolutions = HAS_SOLUTIONS ? describe : describe.skip;
const reason = HAS_SOLUTIONS ? '' : ' (skipped: this branch has no solutions)';
const STUB = `export class KeyPartitioner { partition() { throw new Error('not started yet'); } }`;
const LIMIT_MS = 300_000;

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradebook-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Names that no other test's results stand under. */
const unique = (name: string): string => `${name}-${path.basename(folder)}`;

function solutionFiles(...slugs: string[]): Record<string, string> {
  return Object.fromEntries(
    slugs.flatMap((slug) =>
      findExercise(slug).files.map((file) => {
        return [`${slug}/${file}`, fs.readFileSync(path.join(ROOT, 'solutions', slug, file), 'utf8')];
      }),
    ),
  );
}

function rowsOf(csv: string): Record<string, string>[] {
  return parse(fs.readFileSync(path.join(folder, csv), 'utf8'), { columns: true, bom: true });
}

const gradebook = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  callCourse(ROOT, folder, ['gradebook', 'class', ...args], env);

/** Calls the gradebook, and `onGraded` with the number of exercises that were graded so far. */
async function watched(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onGraded: (count: number, pid: number) => void,
): Promise<Outcome> {
  const script = path.join(ROOT, 'bin', 'course.cjs');
  const child = spawn(process.execPath, [script, 'gradebook', 'class', ...args], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let count = 0;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr += `${line}\n`;
    if (/graded \d\d-.*\(submission\)/.test(line)) onGraded(++count, child.pid!);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

describeWithSolutions(`a class that is graded${reason}`, () => {
  const SLUGS = ['06-key-partitioner', '07-round-robin-partitioner', '15-fast-serializer'];
  const POINTS = '13';
  let kafka: CourseKafka | undefined;
  afterEach(async () => {
    await kafka?.stop();
    kafka = undefined;
  });

  /** Three right submissions, and what the gradebook says of them while something goes wrong. */
  function threeRight(): string[] {
    const names = ['ada', 'bob', 'cleo'].map(unique);
    for (const name of names) writeFiles(path.join(folder, 'class', name), solutionFiles(...SLUGS));
    return names;
  }

  it(
    'gets its right grades also when the broker dies in the middle, and a new one takes its place',
    async () => {
      const names = threeRight();
      kafka = await startKafka({ kind: 'embedded' });
      const dying = kafka;
      const env = { COURSE_KAFKA: JSON.stringify(describeKafka(dying)), COURSE_BROKER: 'embedded' };
      const outcome = await watched([...SLUGS, '--csv', 'class.csv'], env, (count) => {
        if (count === SLUGS.length + 1) void dying.stopBroker(1, { hard: true });
      });
      expect(outcome.stderr).toContain('does not respond');
      const rows = rowsOf('class.csv').map(({ submission, score, not_judged }) => [
        submission,
        score,
        not_judged,
      ]);
      expect(rows).toEqual(names.map((name) => [name, POINTS, '0']));
      expect(outcome.code).toBe(0);
      const page = fs.readFileSync(path.join(ROOT, 'reports', 'gradebook', 'index.html'), 'utf8');
      expect(page).toContain(`${names[0]} and ${names[1]}`); // they are the same, and the page says so
    },
    LIMIT_MS,
  );

  it(
    'keeps no grade that a lost cluster spoilt: says so, ends with an error, and grades it the next time',
    async () => {
      const names = threeRight();
      kafka = await startKafka({ kind: 'embedded' });
      const dying = kafka;
      // Somebody's cluster, as far as the gradebook knows: it has no right to put another one in its place.
      const lost = { COURSE_KAFKA: JSON.stringify({ ...describeKafka(dying), kind: 'external' }) };
      const first = await watched([...SLUGS, '--csv', 'class.csv'], lost, (count) => {
        if (count === SLUGS.length + 1) void dying.stopBroker(1, { hard: true });
      });
      expect(first.code).not.toBe(0);
      expect(first.stderr).toMatch(/The cluster at .* does not respond/);
      expect(first.stdout).toMatch(/Stopped: \d of 3 are graded/);
      const spoilt = rowsOf('class.csv');
      expect(spoilt.length).toBeLessThan(3);
      for (const row of spoilt) expect(['', POINTS]).toContain(row['score']);
      const second = await gradebook([...SLUGS, '--csv', 'class.csv']);
      expect(second.code).toBe(0);
      expect(rowsOf('class.csv').map(({ submission, score }) => [submission, score])).toEqual(
        names.map((name) => [name, POINTS]),
      );
    },
    LIMIT_MS,
  );

  it(
    'is stopped by SIGINT with what there is in the CSV, and goes on from there',
    async () => {
      const names = threeRight();
      const first = await watched([...SLUGS, '--csv', 'class.csv'], {}, (count, pid) => {
        if (count === SLUGS.length + 1) process.kill(pid, 'SIGINT');
      });
      expect(first.code).toBe(1);
      expect(first.stdout).toMatch(/Stopped: [12] of 3 are graded\. The same command goes on from there/);
      expect(rowsOf('class.csv')[0]).toMatchObject({ submission: names[0], score: POINTS });
      const second = await gradebook([...SLUGS, '--csv', 'class.csv']);
      expect(second.code).toBe(0);
      expect(second.stdout).toMatch(new RegExp(`${names[0]}: ${POINTS} of ${POINTS} \\(unchanged since`));
      expect(rowsOf('class.csv').map(({ score }) => score)).toEqual([POINTS, POINTS, POINTS]);
    },
    LIMIT_MS,
  );

  it(
    'takes one exercise for no other: each has its own result, however many were asked for before',
    async () => {
      writeFiles(path.join(folder, 'class', unique('ada')), solutionFiles(SLUGS[0]!));
      expect((await gradebook([SLUGS[0]!, '--csv', 'one.csv'])).code).toBe(0);
      expect((await gradebook([SLUGS[1]!, '--csv', 'two.csv'])).code).toBe(0);
      expect(rowsOf('one.csv')[0]).toMatchObject({ score: '4', [`${SLUGS[0]} status`]: 'pass' });
      expect(rowsOf('two.csv')[0]).toMatchObject({ score: '0', [`${SLUGS[1]} status`]: 'missing' });
    },
    LIMIT_MS,
  );
});

describe('what an instructor adds', () => {
  it(
    'keeps overrides and comments through regrading, weighs, marks late ones, and hides names',
    async () => {
      const [ada, bob] = [unique('ada'), unique('bob')];
      writeFiles(path.join(folder, 'class', ada), { '06-key-partitioner/key-partitioner.ts': STUB });
      await writeZip(path.join(folder, 'class', `${bob}.zip`), { 'key-partitioner.ts': STUB });
      const overrides = `submission;exercise;points;comment\n${ada};key-part;3;ill in the last week\n${bob};;;see me\n`;
      writeFiles(folder, { 'class/overrides.csv': overrides, 'weights.json': '{"06-key-partitioner": 2}' });
      const flags = [
        '--csv',
        'class.csv',
        '--weights',
        'weights.json',
        '--due',
        '2026-11-21T00:00Z',
        '--bom',
      ];
      for (const more of [[], ['--again', 'all']]) {
        const { code, stdout } = await gradebook(['key-partitioner', ...flags, ...more]);
        expect(code).toBe(0);
        expect(stdout).not.toMatch(/unchanged/);
        expect(rowsOf('class.csv')).toMatchObject([
          {
            submission: ada,
            score: '3',
            percent: '75',
            overridden: '06-key-partitioner',
            comment: 'ill in the last week',
            late: 'yes',
          },
          {
            submission: bob,
            score: '0',
            percent: '0',
            comment: 'see me',
            late: 'no',
            submitted: '2026-11-20T10:00:00.000Z',
          },
        ]);
      }
      expect(fs.readFileSync(path.join(folder, 'class.csv')).subarray(0, 3).toString('hex')).toBe('efbbbf');
      const { stdout } = await gradebook([
        'key-partitioner',
        '--csv',
        'anon.csv',
        '--tests',
        'tests.csv',
        '--anonymous',
      ]);
      expect(stdout).not.toContain(ada);
      expect(rowsOf('anon.csv').map(({ submission }) => submission)).toEqual([
        expect.stringMatching(/^anon-[0-9a-f]{10}$/),
        expect.stringMatching(/^anon-[0-9a-f]{10}$/),
      ]);
      const tests = rowsOf('tests.csv');
      expect(tests).toHaveLength(8);
      expect(tests[0]).toMatchObject({
        test: '06-key-partitioner/places-every-key-where-java-places-it',
        status: 'todo',
      });
    },
    LIMIT_MS,
  );

  it.each([
    ['a time that is none', ['--due', 'tomorrow'], /"tomorrow" is no time/],
    ['jobs that are none', ['--jobs', 'many'], /"many" is no number of jobs/],
    ['more jobs than fit', ['--jobs', '9999'], /--jobs 9999 needs about .* MB/],
    ['somebody who has handed in nothing', ['--again', 'zoe'], /There is no submission "zoe"/],
    ['overrides that are none', ['--overrides', 'bad.csv'], /no column "points"/],
  ])('refuses %s before anything is graded', async (_, args, sentence) => {
    writeFiles(folder, { 'class/ada/key-partitioner.ts': STUB, 'bad.csv': 'submission,exercise\nada,06\n' });
    const { code, stderr } = await gradebook(['key-partitioner', ...args]);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});
