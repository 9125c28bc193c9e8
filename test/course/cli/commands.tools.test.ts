import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { GradingResult } from '../../../src/course/grading/result';
import { EXERCISES } from '../../../src/course/exercises/manifest';
import { schemaComplaints } from '../../support/schemas';
import { callCourse } from './call-course';
import type { Outcome } from './call-course';

const ROOT = path.join(__dirname, '..', '..', '..');
const SLUG = '06-key-partitioner';

/** From a folder that is not the project's. */
const course = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  callCourse(ROOT, folder, args, env);

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'course-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Writes answers (the text of each by exercise) to a folder somewhere else, grades them in one call, and reads the JSON. */
async function gradeTexts(
  texts: Readonly<Record<string, string>>,
  ...flags: string[]
): Promise<Outcome & { result: GradingResult }> {
  const answers = path.join(folder, 'answers');
  const slugs = Object.keys(texts);
  for (const slug of slugs) {
    const [file] = EXERCISES.find((exercise) => exercise.slug === slug)!.files;
    fs.mkdirSync(path.join(answers, slug), { recursive: true });
    fs.writeFileSync(path.join(answers, slug, file!), texts[slug]!);
  }
  const json = path.join(folder, 'result.json');
  const outcome = await course(['grade', ...slugs, '--answers', answers, '--json', json, ...flags]);
  return { ...outcome, result: JSON.parse(fs.readFileSync(json, 'utf8')) as GradingResult };
}

const HAS_SOLUTIONS = fs.existsSync(path.join(ROOT, 'solutions'));
const itWithSolutions = HAS_SOLUTIONS ? it : it.skip;
const reason = HAS_SOLUTIONS ? '' : ' (skipped: this branch has no solutions)';
const solution = (): string =>
  fs.readFileSync(path.join(ROOT, 'solutions', SLUG, 'key-partitioner.ts'), 'utf8');
/** Not the file in exercises/: a learner may have solved that one, and the solution branch has. */
const STUB = `export class KeyPartitioner { partition() { throw new Error('not started yet'); } }`;

describe('bad input ends with one sentence and exit code 2', () => {
  it.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
    ['an unknown exercise', ['grade', 'nonsense'], {}, /No exercise is called "nonsense"/],
    ['an unknown exercise to test', ['test', 'nonsense'], {}, /No exercise is called "nonsense"/],
    ['an unknown flag', ['grade', '--fast'], {}, /unknown option '--fast'/],
    ['an unknown command', ['grad'], {}, /unknown command 'grad'.*Did you mean grade/s],
    ['a missing folder', ['grade', '--answers', 'nowhere'], {}, /There is no folder "nowhere"/],
    ['a JSON target that cannot be written', ['grade', '--json', '/nowhere/x.json'], {}, /cannot be written/],
    ['a book among other files', ['book', '--out', path.join(ROOT, 'src')], {}, /is no book of this course/],
    ['a book that is not there', ['browser', '--book', 'src'], {}, /There is no book in "src"/],
    ['a folder as JSON target', ['grade', '--json', '.'], {}, /cannot be written/],
    [
      'an unknown kind of broker',
      ['grade'],
      { COURSE_BROKER: 'foo', COURSE_KAFKA: '' },
      /COURSE_BROKER.*foo/,
    ],
    ['two brokers', ['kafka', '--brokers', '2'], {}, /1 or 3 brokers/],
    ['a port that is none', ['start', '--port', '99999'], {}, /1 to 65535/],
    ['a setting that is none', ['benchmark', 'batch=1'], {}, /"batch=1" is no setting.*batchSize/],
    ['a codec that is none', ['benchmark', 'compressionType=LZ4'], {}, /compressionType is one of none/],
    ['a hint for no exercise', ['hint'], {}, /missing required argument/],
  ])('%s', async (_, args, env, sentence) => {
    const { code, stdout, stderr } = await course(args, env);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('grade', () => {
  itWithSolutions(
    `gives a right answer full marks, with a chart of what the broker stored${reason}`,
    async () => {
      const { code, result, stdout } = await gradeTexts({ [SLUG]: solution() }, '--strict');
      expect(code).toBe(0);
      expect(schemaComplaints('grading-result', result)).toEqual([]);
      expect(result).toMatchObject({ version: 1, kafka: { version: '4.4.0' }, score: 4, maxScore: 4 });
      const [exercise] = result.exercises;
      expect(exercise).toMatchObject({ slug: SLUG, status: 'pass', score: 4, maxScore: 4 });
      expect(exercise!.tests.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass', 'pass']);
      const [chart] = exercise!.charts;
      expect(chart!.title).not.toBe('');
      expect(fs.readFileSync(path.join(ROOT, chart!.file), 'utf8')).toMatch(/^<svg/);
      expect(stdout).toContain('4 of 4 points');
    },
  );

  it('reports a stub as not started: exit code 0, and 1 under --strict', async () => {
    const lenient = await gradeTexts({ [SLUG]: STUB });
    expect(lenient.result.exercises[0]).toMatchObject({ status: 'todo', score: 0, maxScore: 4 });
    expect(lenient.code).toBe(0);
    expect((await gradeTexts({ [SLUG]: STUB }, '--strict')).code).toBe(1);
  });

  const HOSTILE: readonly (readonly [what: string, slug: string, status: string, RegExp, text: string])[] = [
    ['an endless loop', '04-batch-readiness', 'timeout', /loop for ever/, 'while (true);'],
    ['process.exit', '05-buffer-pool', 'error', /process\.exit\(0\)/, 'process.exit(0);'],
    ['a syntax error', '07-round-robin-partitioner', 'error', /SyntaxError/, 'this is not TypeScript {'],
    [
      'a missing export',
      '08-sticky-partitioner',
      'error',
      /does not export "StickyPartitioner"/,
      'export class Partitioner {}',
    ],
    [
      'a promise that never settles',
      '09-priority-partitioner',
      'timeout',
      /did not settle/,
      'export class PriorityPartitioner { partition() { return new Promise(() => {}); } }',
    ],
  ];

  it('names what hostile answers did, and grades the exercises between them as usual', async () => {
    const wrong = 'export class KeyPartitioner { partition() { return 0; } }';
    const texts = Object.fromEntries(HOSTILE.map(([, slug, , , text]) => [slug, text]));
    const { code, result } = await gradeTexts({ ...texts, [SLUG]: wrong });
    expect(code).toBe(1);
    for (const [what, slug, status, message] of HOSTILE) {
      const { score, tests, ...exercise } = result.exercises.find((one) => one.slug === slug)!;
      expect({ what, status: exercise.status, score }).toEqual({ what, status, score: 0 });
      for (const test of tests) expect(test.message).toMatch(message);
    }
    const ordinary = result.exercises.find((one) => one.slug === SLUG)!;
    expect(ordinary).toMatchObject({ status: 'fail', score: 0 });
    const failed = ordinary.tests.find(({ status }) => status === 'fail')!;
    expect(failed.message).toMatch(/^Seen: .*\nExpected: .*\nRead on: /);
  }, 120_000);
});

describe('gradebook', () => {
  it('grades every submission by itself, whatever the others do, and goes on where it was stopped', async () => {
    const submissions: Record<string, string> = {
      ada: STUB,
      'b o b & "co"': 'while (true);',
      '=cmd()': 'export class KeyPartitioner { partition() { return 0; } }',
    };
    for (const [name, text] of Object.entries(submissions)) {
      const file = path.join(folder, 'class', name, SLUG, 'key-partitioner.ts');
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
    const first = await course(['gradebook', 'class', 'key-partitioner', '--csv', 'class.csv']);
    expect(first.code).toBe(0);
    const [header, ...rows] = fs.readFileSync(path.join(folder, 'class.csv'), 'utf8').trim().split('\n');
    expect(header).toBe(
      `submission,score,max_score,percent,${SLUG},${SLUG} status,not_judged,late,submitted,attempt,overridden,comment,notes`,
    );
    expect(rows.map((row) => row.replace(/,0,,[^,]*,1,,,$/, ''))).toEqual([
      `'=cmd(),0,4,0,0,fail`, // a spreadsheet must not take a folder's name for a formula
      'ada,0,4,0,0,todo',
      `"b o b & ""co""",0,4,0,0,timeout`,
    ]);
    const again = await course(['gradebook', 'class', 'key-partitioner']);
    expect(again.stdout.match(/unchanged since/g)).toHaveLength(3);
  }, 180_000);

  it('refuses a folder without submissions', async () => {
    const { code, stderr } = await course(['gradebook', '.']);
    expect(stderr).toMatch(/has no subfolders, zips or answers/);
    expect(code).toBe(2);
  });
});
