import type { VegaLiteSpec } from '../../charts/vega-lite-spec';

export type TestStatus = 'pass' | 'fail' | 'error' | 'timeout' | 'todo';
export type ExerciseStatus = TestStatus;

export interface TestResult {
  readonly name: string;
  readonly status: TestStatus;
  /** Empty when passed; else what was seen, what was expected and where to read on. */
  readonly message: string;
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
  readonly durationMs: number;
  readonly tests: readonly TestResult[];
  readonly charts: readonly ChartResult[];
}

/** What `npm run grade -- --json FILE` writes. */
export interface GradingResult {
  readonly version: 1;
  readonly kafka: { readonly kind: string; readonly version: string; readonly brokers: number };
  readonly score: number;
  readonly maxScore: number;
  readonly exercises: readonly ExerciseResult[];
}

const WORST_FIRST: readonly TestStatus[] = ['timeout', 'error', 'fail'];

/**
 * One status for an exercise: passed only when every test is; "todo" only when every test met the stub. Something half
 * done is a wrong attempt, and no test at all is an error: what the grader did not understand never passes.
 */
export function exerciseStatus(tests: readonly TestResult[]): ExerciseStatus {
  if (tests.length === 0) return 'error';
  if (tests.every((test) => test.status === 'pass')) return 'pass';
  if (tests.every((test) => test.status === 'todo')) return 'todo';
  return WORST_FIRST.find((status) => tests.some((test) => test.status === status)) ?? 'fail';
}

/** Whether an exercise counts against the exit code; under `--strict` one that was not started does too. */
export function isWrong(exercise: ExerciseResult, strict: boolean): boolean {
  return exercise.status !== 'pass' && (strict || exercise.status !== 'todo');
}
