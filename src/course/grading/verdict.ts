import type { TestResult } from './result';

/** How the message of a test begins that says nothing about the answer: the grader or the broker failed. */
export const NOT_JUDGED = 'The grader could not judge this answer';

/** … that was measured, with figures that do not agree. */
export const INCONCLUSIVE = 'Inconclusive, run again';

/** … that had no turn, because an earlier one has rejected the answer. */
export const NOT_ASKED = 'Not asked';

/** Whether this test rejects the answer. One that came to no verdict costs its point, and proves nothing. */
export function rejects({ status, message }: TestResult): boolean {
  return (
    status !== 'pass' && ![NOT_JUDGED, INCONCLUSIVE, NOT_ASKED].some((begin) => message.startsWith(begin))
  );
}
