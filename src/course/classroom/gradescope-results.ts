import type { GradingResult, TestResult } from '../grading/result';

/** `results.json`, as Gradescope's autograder specification has it. */
export interface GradescopeResults {
  readonly score: number;
  /** Seconds. */
  readonly execution_time: number;
  readonly output: string;
  readonly output_format: 'text';
  readonly visibility: 'visible';
  readonly stdout_visibility: 'hidden';
  readonly tests: readonly GradescopeTest[];
}

export interface GradescopeTest {
  readonly name: string;
  readonly number: string;
  readonly score: number;
  readonly max_score: number;
  readonly status: 'passed' | 'failed';
  readonly output: string;
  readonly output_format: 'text';
  readonly tags: readonly string[];
  readonly visibility: 'visible';
}

/** A whole grading in Gradescope's terms: one of its tests for each of ours. Only for one that was judged to its end. */
export function gradescopeResults(result: GradingResult, notes: readonly string[]): GradescopeResults {
  const { course, kafka, exercises } = result;
  if (result.notJudged > 0) throw new Error('A grading without a verdict on every test is no result.');
  const head = `${course.name} ${course.version}, Kafka ${kafka.version}`;
  return {
    score: result.score,
    execution_time: Math.round(exercises.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000),
    output: [head, ...notes].join('\n'),
    output_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: exercises.flatMap(({ slug, tests }) =>
      tests.map((test, index) => gradescopeTest(slug, test, index)),
    ),
  };
}

function gradescopeTest(slug: string, test: TestResult, index: number): GradescopeTest {
  const passed = test.status === 'pass';
  return {
    name: `${slug}: ${test.name}`,
    number: `${Number(slug.slice(0, 2))}.${index + 1}`,
    score: test.score,
    max_score: test.maxScore,
    status: passed ? 'passed' : 'failed',
    output: passed ? '' : test.message,
    output_format: 'text',
    tags: [slug],
    visibility: 'visible',
  };
}
