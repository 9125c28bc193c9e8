import fs from 'node:fs';
import type { Outcome } from '../../course/cli/call-course';
import { NO_BROKER, ProjectCopy } from '../../course/cli/project-copy';

const SLUG = '96-batch-counting';
const SOLUTION = `solutions/${SLUG}/batch-counting.ts`;
const LIST = `test/mutants/${SLUG}.diff`;
const GRADER = `test/exercises/${SLUG}.test.ts`;

const LISTED = [
  'allowed: The grader of this test does not read the message.',
  '- throw new RangeError(`${recordsPerBatch} records to a batch: it has to take at least one.`);',
  '+ throw new RangeError(``);',
  '',
  'equivalent: So it is said of one that the grader rejects.',
  '- return Math.ceil(records / recordsPerBatch);',
  '+ return Math.ceil(records * recordsPerBatch);',
  '',
  'equivalent: So it was said of lines that are not there any more.',
  '- return 7;',
  '+ return 8;',
  '',
];

/** One run, because each mutant takes a process: of a grader that misses one, reads no message, and fails on an answer. */
describe('course mutants', () => {
  let copy: ProjectCopy;
  let outcome: Outcome;

  beforeAll(async () => {
    copy = new ProjectCopy();
    expect(await copy.course(['new', SLUG])).toMatchObject({ code: 0 });
    edit(GRADER, /.*recordsPerBatch: 1, .*\n/, '');
    edit(GRADER, " && seen.message?.includes('0')", '');
    edit(
      GRADER,
      'if (seen?.error ===',
      "if (seen?.returned !== undefined) throw new Error('out of order');\n    $&",
    );
    fs.mkdirSync(copy.path('test', 'mutants'), { recursive: true });
    fs.writeFileSync(copy.path(LIST), LISTED.join('\n'));
    fs.writeFileSync(copy.path('test', 'mutants', '95-gone.diff'), '');
    outcome = await copy.course(['mutants', SLUG], { COURSE_KAFKA: NO_BROKER });
  }, 180_000);
  afterAll(() => copy.remove());

  function edit(file: string, what: string | RegExp, instead: string): void {
    const before = fs.readFileSync(copy.path(file), 'utf8');
    const after = before.replace(what, instead);
    expect(after).not.toBe(before);
    fs.writeFileSync(copy.path(file), after);
  }

  /** The lines after the one that says what is wrong. */
  function shownBelow(complaint: RegExp): string[] {
    const lines = outcome.stdout.split('\n');
    const at = lines.findIndex((line) => complaint.test(line));
    expect(lines[at]).toMatch(complaint);
    return lines.slice(at + 1, at + 3).map((line) => line.trim());
  }

  it('shows the mutant that a grader misses: where it is, and what was changed', () => {
    const line =
      fs.readFileSync(copy.path(SOLUTION), 'utf8').split('\n').indexOf('  if (recordsPerBatch < 1) {') + 1;
    expect(shownBelow(new RegExp(`^${SOLUTION}:${line} \\(EqualityOperator\\) survived: `))).toEqual([
      '- if (recordsPerBatch < 1) {',
      '+ if (recordsPerBatch <= 1) {',
    ]);
  });

  it('lets a mutant survive that is listed with a proof, and counts what became of all', () => {
    const [count] = outcome.stdout.trimEnd().split('\n').slice(-1);
    const [, all, killed, notJudged] =
      /^(\d+) mutants, (\d+) killed, 0 equivalent, 1 allowed, 1 surviving, (\d+) not judged$/.exec(count!) ??
      [];
    expect(Number(killed)).toBeGreaterThan(0);
    expect(Number(all)).toBe(Number(killed) + 2 + Number(notJudged));
    expect(outcome.stdout).not.toContain('StringLiteral');
  });

  it('takes a grader that fails for no verdict', () => {
    const notJudged = /was not judged: The grader could not judge this answer: Error: out of order/;
    expect(shownBelow(notJudged)).toHaveLength(2);
  });

  it('complains of a listed mutant that is rejected, of an entry that fits none, and of a file without an exercise', () => {
    shownBelow(/\(ArithmeticOperator\) is rejected, and test\/mutants\/96-batch-counting\.diff:5 says/);
    shownBelow(/96-batch-counting\.diff:9 fits no mutant any more/);
    shownBelow(/95-gone\.diff belongs to no exercise/);
  });

  it('ends with 1', () => {
    expect(outcome.code).toBe(1);
  });
});
