import type { AccumulatorState, BatchState, IsSendable } from '../../../src/producer/index';
import { ManualClock } from '../../../src/support/clock';
import { carryWithParts } from './support/carry-with-parts';
import type { Carried, PartsCarriage } from './support/carry-with-parts';

interface Answer {
  readonly isSendable: IsSendable;
}

/** An answer that is never content is asked without end. */
const MOST_QUESTIONS = 20_000;

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

/** A question that the real producer asked, with what the answer said. */
export interface AskedQuestion extends Question {
  /** Number of the batch, in the order in which batches were first asked about. */
  readonly number: number;
  readonly said: boolean | string;
}

/** Sends records through the real producer, which asks the answer when batches may go; keeps every question. */
export async function carryRecords(
  answer: Answer,
  carriage: PartsCarriage,
): Promise<{ carried: Carried; asked: AskedQuestion[] }> {
  const asked: AskedQuestion[] = [];
  const numbers = new WeakMap<BatchState, number>();
  let batches = 0;
  const isSendable: IsSendable = (batch, accumulator, nowMs) => {
    const { createdMs, lastAttemptMs, attempts, sizeInBytes, closed } = batch;
    const state = { createdMs, lastAttemptMs, attempts, sizeInBytes, closed };
    const said = answer.isSendable(state, { ...accumulator }, nowMs);
    const number = numbers.get(batch) ?? ++batches;
    numbers.set(batch, number);
    if (asked.length < MOST_QUESTIONS) {
      const question = { nowMs, batch: { createdMs, lastAttemptMs, attempts, sizeInBytes, closed } };
      asked.push({ ...question, accumulator: { ...accumulator }, number, said: plain(said) });
    }
    return said;
  };
  const carried = await carryWithParts(carriage, { parts: { isSendable }, waitEvery: 250 });
  return { carried, asked };
}
