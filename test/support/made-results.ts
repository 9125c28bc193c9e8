import { exerciseStatus, testId } from '../../src/course/grading/result';
import type { ExerciseResult, GradingResult, TestResult, TestStatus } from '../../src/course/grading/result';

/** A result of one test, worth one point. */
export function madeTest(slug: string, name: string, status: TestStatus, message = ''): TestResult {
  const score = status === 'pass' ? 1 : 0;
  return { id: testId(slug, name), name, status, message, durationMs: 1, score, maxScore: 1 };
}

export function madeExercise(slug: string, tests: readonly TestResult[]): ExerciseResult {
  return {
    slug,
    status: exerciseStatus(tests),
    score: tests.filter(({ status }) => status === 'pass').length,
    maxScore: tests.length,
    missing: false,
    notJudged: tests.filter(({ status }) => status === 'not-judged').length,
    durationMs: 1,
    tests,
    charts: [],
  };
}

export function madeGrading(exercises: readonly ExerciseResult[]): GradingResult {
  const total = (of: (one: ExerciseResult) => number): number =>
    exercises.reduce((sum, one) => sum + of(one), 0);
  return {
    version: 1,
    course: { name: 'kafka-producer-internals', version: '0.1.0', node: 'v24.0.0' },
    gradedAt: '2026-11-30T12:00:00.000Z',
    kafka: { kind: 'embedded', version: '4.4.0', brokers: 1 },
    score: total(({ score }) => score),
    maxScore: total(({ maxScore }) => maxScore),
    notJudged: total(({ notJudged }) => notJudged),
    exercises,
  };
}
