import { exerciseStatus, isWrong } from '../../../src/course/grading/result';
import type { TestStatus } from '../../../src/course/grading/result';
import { madeExercise, madeTest } from '../../support/made-results';

const tests = (...statuses: TestStatus[]) => statuses.map((status) => madeTest('99-x', status, status));
const exercise = (status: TestStatus) => madeExercise('99-x', tests(status));

describe('the status of an exercise', () => {
  it.each<[TestStatus, TestStatus[]]>([
    ['pass', ['pass', 'pass']],
    ['todo', ['todo', 'todo']],
    ['fail', ['pass', 'todo']],
    ['fail', ['pass', 'fail']],
    ['error', ['fail', 'error', 'pass']],
    ['timeout', ['timeout', 'error', 'fail']],
    ['not-judged', ['pass', 'not-judged', 'timeout']],
  ])('is %s for tests that are %p', (expected, statuses) => {
    expect(exerciseStatus(tests(...statuses))).toBe(expected);
  });

  it('is not judged when no test ran: what was not understood does not pass', () => {
    expect(exerciseStatus([])).toBe('not-judged');
  });

  it('counts against the exit code unless it passed, or was not started and need not be', () => {
    expect(isWrong(exercise('pass'), true)).toBe(false);
    expect(isWrong(exercise('todo'), false)).toBe(false);
    expect(isWrong(exercise('todo'), true)).toBe(true);
    for (const status of ['fail', 'error', 'timeout', 'not-judged'] as const)
      expect(isWrong(exercise(status), false)).toBe(true);
  });
});
