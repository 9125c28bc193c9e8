import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gradeBundle, gradeHere, notStarted } from '../../../src/course/notebook/grade-here';
import type { MimeBundle } from '../../../src/course/notebook/kernel-host';
import { openKafka } from '../../../src/course/notebook/notebook-kafka';
import { findExercise } from '../../../src/course/exercises/manifest';
import { projectRoot } from '../../../src/support/project-paths';
import { madeExercise, madeTest } from '../../support/made-results';
import { standInForKernel } from '../../support/stand-in-kernel';

const SLUG = '07-round-robin-partitioner';
const exercise = findExercise(SLUG);
const result = madeExercise(SLUG, [
  madeTest(SLUG, 'takes *turns*', 'pass'),
  madeTest(SLUG, 'leaves out <none>', 'fail', 'Seen: `a`\nExpected: b'),
]);

describe('a grade in a notebook', () => {
  test('says the points, each test, and what the wrong ones say, line by line', () => {
    expect(gradeBundle(exercise, result)['text/plain']).toBe(
      [
        `✗ ${SLUG}: 1 of 2 points`,
        '  ✓ takes *turns*',
        '  ✗ leaves out <none>',
        '      Seen: `a`',
        '      Expected: b',
        `A hint: npm run course -- hint ${SLUG}`,
      ].join('\n'),
    );
  });

  test('as Markdown shows names and messages as they are', () => {
    const markdown = gradeBundle(exercise, result)['text/markdown'];
    expect(markdown).toContain('takes \\*turns\\*');
    expect(markdown).toContain('leaves out \\<none\\>');
    expect(markdown).toContain('  ````text\n  Seen: `a`\n  Expected: b\n  ````');
  });

  test('of a right answer says what was learnt', () => {
    const text = gradeBundle(exercise, { ...result, status: 'pass', score: 2, tests: [] })['text/plain'];
    expect(text).toContain(`What you have just learnt: ${exercise.learnt}`);
    expect(text).not.toContain('A hint');
  });

  test('of a stub names the file to fill in', () => {
    expect(notStarted(exercise)['text/plain']).toMatch(
      /^· 07-round-robin-partitioner is not started yet: fill in exercises\/07-round/,
    );
  });
});

describe('grading from a notebook', () => {
  let shown: MimeBundle[];
  let remove: () => void;
  let folder: string;

  beforeEach(() => {
    shown = [];
    remove = standInForKernel((data) => void shown.push(data));
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'answers-'));
    fs.mkdirSync(path.join(folder, SLUG));
  });
  afterEach(async () => {
    await (await openKafka()).close();
    remove();
    fs.rmSync(folder, { recursive: true });
  });

  /** Grades an answer of this text, and expects this to be shown of it. */
  const expectGrade = async (text: string, grade: RegExp): Promise<void> => {
    fs.writeFileSync(path.join(folder, SLUG, exercise.files[0]!), text);
    await gradeHere(SLUG, { answers: folder });
    const texts = shown.map((data) => String(data['text/plain']));
    expect(texts[0]).toBe(`Grading ${SLUG} … 0 s`);
    expect(texts.find((one) => /^[✓✗]/.test(one))).toMatch(grade);
  };

  const solution = path.join(projectRoot, 'solutions', SLUG, exercise.files[0]!);
  const hasSolution = fs.existsSync(solution);
  (hasSolution ? test : test.skip)(
    `a right answer gets its points, in the place of the progress${hasSolution ? '' : ' (skipped: this branch has no solutions)'}`,
    () => expectGrade(fs.readFileSync(solution, 'utf8'), /^✓ 07-round-robin-partitioner: (\d+) of \1 points/),
    120_000,
  );

  test(
    'a wrong answer gets its points, and what is wrong with it',
    () =>
      expectGrade(
        'export class RoundRobinPartitioner { partition() { return 0; } }',
        /^✗ 07-round-robin-partitioner: \d+ of \d+ points\n[^]*✗ [^]*read on/i,
      ),
    120_000,
  );

  test('what cannot be graded is an error in one sentence', async () => {
    await expect(gradeHere(SLUG, { answers: path.join(folder, 'nowhere') })).rejects.toThrow(
      /^07-round-robin-partitioner could not be graded: There is no folder/,
    );
  }, 120_000);
});
