import type { VegaLiteSpec } from '../../charts/vega-lite-spec';

/** `not-judged`: the grader, the broker or the machine failed, which says nothing about the answer. Never a grade. */
export type TestStatus = 'pass' | 'fail' | 'error' | 'timeout' | 'todo' | 'not-judged';
export type ExerciseStatus = TestStatus;

export interface TestResult {
  /** The exercise and the test's name in lower-case words: `06-key-partitioner/places-every-key-where-java-places-it`. */
  readonly id: string;
  readonly name: string;
  readonly status: TestStatus;
  /** Empty when passed; else what was seen, what was expected and where to read on. */
  readonly message: string;
  /** The three parts of the message of a wrong answer. */
  readonly seen?: string;
  readonly expected?: string;
  readonly readOn?: string;
  readonly durationMs: number;
  /** 0 or `maxScore`. */
  readonly score: number;
  readonly maxScore: number;
}

export interface ChartResult {
  readonly title: string;
  /** The picture, relative to the project: `reports/….svg`. */
  readonly file: string;
  readonly spec: VegaLiteSpec;
}

export interface ExerciseResult {
  readonly slug: string;
  readonly status: ExerciseStatus;
  readonly score: number;
  readonly maxScore: number;
  /** The folder of answers has no file of this exercise. */
  readonly missing: boolean;
  /** How many tests came to no verdict. The score is final only when there is none. */
  readonly notJudged: number;
  readonly durationMs: number;
  readonly tests: readonly TestResult[];
  readonly charts: readonly ChartResult[];
}

/** What `npm run grade -- --json FILE` writes. */
export interface GradingResult {
  /** Of this format: fields may be added, none of them changes its meaning. */
  readonly version: 1;
  readonly course: { readonly name: string; readonly version: string; readonly node: string };
  /** ISO 8601, UTC. */
  readonly gradedAt: string;
  readonly kafka: { readonly kind: string; readonly version: string; readonly brokers: number };
  readonly score: number;
  readonly maxScore: number;
  /** How many tests came to no verdict. The score is final only when there is none. */
  readonly notJudged: number;
  readonly exercises: readonly ExerciseResult[];
}

const WORST_FIRST: readonly TestStatus[] = ['not-judged', 'timeout', 'error', 'fail'];

/**
 * One status for an exercise: passed only when every test is; "todo" only when every test met the stub. Something half
 * done is a wrong attempt, and no test at all is not judged: what the grader did not understand never passes. One test
 * without a verdict leaves the exercise without one.
 */
export function exerciseStatus(tests: readonly Pick<TestResult, 'status'>[]): ExerciseStatus {
  if (tests.length === 0) return 'not-judged';
  if (tests.every((test) => test.status === 'pass')) return 'pass';
  if (tests.every((test) => test.status === 'todo')) return 'todo';
  return WORST_FIRST.find((status) => tests.some((test) => test.status === status)) ?? 'fail';
}

/** `places every key` of exercise `06-…` → `06-…/places-every-key`. Stable as long as the test's name is. */
export function testId(slug: string, name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `${slug}/${words.replace(/^-|-$/g, '')}`;
}

/** Whether an exercise counts against the exit code; under `--strict` one that was not started does too. */
export function isWrong(exercise: ExerciseResult, strict: boolean): boolean {
  return exercise.status !== 'pass' && (strict || exercise.status !== 'todo');
}
