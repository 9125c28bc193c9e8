import { errorCodeName } from '../../../src/protocol/error-codes';
import type { BrokerAnswer } from './raw-producer';

/** What became of a batch, in the words of exercise 11. */
export interface LogAnswer {
  readonly status: 'appended' | 'duplicate' | 'out-of-order-sequence' | 'invalid-producer-epoch';
  /** null when the batch was refused. */
  readonly baseOffset: bigint | null;
}

/** Kafka's error codes: OUT_OF_ORDER_SEQUENCE_NUMBER and INVALID_PRODUCER_EPOCH. */
const REFUSALS = new Map<number, LogAnswer['status']>([
  [45, 'out-of-order-sequence'],
  [47, 'invalid-producer-epoch'],
]);

/** Reads the broker's answers for one partition that nobody else writes to, in their order. */
export class AnswerReader {
  #logEnd = 0n;

  /** A broker answers a duplicate as it answers a success: only the offset tells that nothing was written. */
  read({ errorCode, baseOffset }: BrokerAnswer, recordCount: number): LogAnswer {
    if (errorCode !== 0) {
      const status = REFUSALS.get(errorCode);
      if (status === undefined)
        throw new Error(`The broker answered a chosen batch with ${errorCodeName(errorCode)}.`);
      return { status, baseOffset: null };
    }
    if (baseOffset < this.#logEnd) return { status: 'duplicate', baseOffset };
    this.#logEnd = baseOffset + BigInt(recordCount);
    return { status: 'appended', baseOffset };
  }
}

/** Two answers are the same when they are in words. A refusal has no offset, whatever an answer adds to it. */
export function answerInWords(answer: { status: string; baseOffset: bigint | string | null }): string {
  const { status, baseOffset } = answer;
  return status === 'appended' || status === 'duplicate' ? `${status} @ ${baseOffset}` : status;
}
