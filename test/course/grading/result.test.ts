import { exerciseStatus, isWrong } from '../../../src/course/grading/result';
import type { ExerciseResult, TestStatus } from '../../../src/course/grading/result';

const tests = (...statuses: TestStatus[]) =>
  statuses.map((status) => ({ name: status, status, message: '' }));
const exercise = (status: TestStatus): ExerciseResult => {
  return { slug: '99-x', status, score: 0, maxScore: 1, durationMs: 1, tests: tests(status), charts: [] };
};

describe('the status of an exercise', () => {
  it.each<[TestStatus, TestStatus[]]>([
    ['pass', ['pass', 'pass']],
    ['todo', ['todo', 'todo']],
    ['fail', ['pass', 'todo']],
    ['fail', ['pass', 'fail']],
    ['error', ['fail', 'error', 'pass']],
    ['timeout', ['timeout', 'error', 'fail']],
  ])('is %s for tests that are %p', (expected, statuses) => {
    expect(exerciseStatus(tests(...statuses))).toBe(expected);
  });

  it('is an error when no test ran: what was not understood does not pass', () => {
    expect(exerciseStatus([])).toBe('error');
  });

  it('counts against the exit code unless it passed, or was not started and need not be', () => {
    expect(isWrong(exercise('pass'), true)).toBe(false);
    expect(isWrong(exercise('todo'), false)).toBe(false);
    expect(isWrong(exercise('todo'), true)).toBe(true);
    for (const status of ['fail', 'error', 'timeout'] as const)
      expect(isWrong(exercise(status), false)).toBe(true);
  });
});
