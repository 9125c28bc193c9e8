import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { ExerciseResult } from '../../../src/course/grading/result';
import { PROJECT_ROOT } from '../../../src/course/exercises/manifest';
import { details } from '../../../src/course/report/scoreboard';
import { madeExercise, madeGrading, madeTest } from '../../support/made-results';

const SLUG = '06-key-partitioner';
const RIGHT = madeExercise(SLUG, [madeTest(SLUG, 'places keys', 'pass')]);

function told(exercise: ExerciseResult): string {
  const result = madeGrading([exercise]);
  return stripVTControlCharacters(details(result, { taught: true }));
}

test('a message that several tests share is told once', () => {
  const failed = (name: string, message: string) => madeTest(SLUG, name, 'error', message);
  const tests = [
    failed('one', 'SyntaxError: no'),
    failed('two', 'SyntaxError: no'),
    failed('three', 'something else'),
  ];
  const text = told(madeExercise(SLUG, tests));
  expect(text.match(/SyntaxError: no/g)).toHaveLength(1);
  expect(text).toMatch(/✗ two\n +The same as above\n +✗ three\n +something else/);
});

test('a right answer hears what it has taught, and where one to compare it with is, if there is one', () => {
  const text = told(RIGHT);
  expect(text).toMatch(/06-key-partitioner ✓\n {4}What you have just learnt: .+/);
  const solution = path.join(PROJECT_ROOT, 'solutions', RIGHT.slug); // not on the learner branch
  expect(text.includes('Compare your answer with solutions/06-key-partitioner/')).toBe(
    fs.existsSync(solution),
  );
});
