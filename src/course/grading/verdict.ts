import type { TestResult } from './result';

/** How the message of a test begins that says nothing about the answer: the grader or the broker failed. */
export const NOT_JUDGED = 'The grader could not judge this answer';

/** … that was measured, with figures that do not agree. */
export const INCONCLUSIVE = 'Inconclusive, run again';

/** … that had no turn, because an earlier one has rejected the answer. */
export const NOT_ASKED = 'Not asked';

/** Whether this test rejects the answer. One that came to no verdict proves nothing. */
export function rejects({ status, message }: Pick<TestResult, 'status' | 'message'>): boolean {
  return status !== 'pass' && status !== 'not-judged' && !message.startsWith(NOT_ASKED);
}
