import type { TestResult } from '../../../src/course/grading/result';
import { INCONCLUSIVE, NOT_ASKED, NOT_JUDGED, rejects } from '../../../src/course/grading/verdict';

const failed = (status: TestResult['status'], message: string) => ({ status, message });

describe('rejects', () => {
  it('is true of a wrong answer, of one that crashes, and of one that never ends', () => {
    expect(rejects(failed('fail', 'Seen: 3\nExpected: 4\nRead on: …'))).toBe(true);
    expect(rejects(failed('error', 'While running "count": RangeError: …'))).toBe(true);
    expect(rejects(failed('timeout', 'While running "count", a promise did not settle …'))).toBe(true);
  });

  it('is false of a test that passed', () => {
    expect(rejects(failed('pass', ''))).toBe(false);
  });

  it.each([NOT_JUDGED, INCONCLUSIVE])('is false where there is no verdict: %s', (begin) => {
    expect(rejects(failed('not-judged', `${begin}: …`))).toBe(false);
  });

  it('is false of a test that had no turn', () => {
    expect(rejects(failed('error', `${NOT_ASKED}: …`))).toBe(false);
  });
});
