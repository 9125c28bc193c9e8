import type { AccumulatorState, BatchState, IsSendable } from '../../../src/producer/index';
import { ManualClock } from '../../../src/support/clock';

interface Answer {
  readonly isSendable: IsSendable;
}

/** One question to the answer: at which time, about what. */
export interface Question {
  readonly nowMs: number;
  readonly batch: BatchState;
  readonly accumulator: AccumulatorState;
}

/** What the answer says to each question; anything but a boolean in words. */
export function decide(answer: Answer, questions: readonly Question[]): (boolean | string)[] {
  return questions.map(({ nowMs, batch, accumulator }) => {
    return plain(answer.isSendable({ ...batch }, { ...accumulator }, nowMs));
  });
}

/** How long a batch stays when time passes millisecond by millisecond; null when it is still there at the end. */
export function waitUntilSendable(
  answer: Answer,
  input: { batch: BatchState; accumulator: AccumulatorState; fromMs: number; atMostMs: number },
): number | string | null {
  const clock = new ManualClock(input.fromMs);
  for (let waitedMs = 0; waitedMs <= input.atMostMs; waitedMs++) {
    const said = plain(answer.isSendable({ ...input.batch }, { ...input.accumulator }, clock.now()));
    if (said !== false) return said === true ? waitedMs : said;
    clock.advance(1);
  }
  return null;
}

function plain(said: unknown): boolean | string {
  return typeof said === 'boolean' ? said : `${String(said)} (${typeof said})`;
}
