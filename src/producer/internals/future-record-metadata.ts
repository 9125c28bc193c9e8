import { IllegalArgumentError, TimeoutError } from '../../protocol/errors';
import { RecordMetadata } from '../record-metadata';
import type { SendCallback } from './producer-batch';
import type { ProduceRequestResult } from './produce-request-result';

/** What `send()` resolves to: Java's `Future<RecordMetadata>`. Not a thenable, or `await send()` would wait for the broker. */
export interface RecordFuture {
  /** Waits for the broker. Rejects with what happened to the record, or with a TimeoutError after `timeoutMs`. */
  get(timeoutMs?: number): Promise<RecordMetadata>;
  /** Whether the answer is there: get() would not wait. */
  isDone(): boolean;
}

/** Small and without a promise of its own: a producer makes a million of these a second, and few are asked. */
export class FutureRecordMetadata implements RecordFuture {
  /** The batch's to call, before those who wait: here, since an object for the two of them would be a million more a second. */
  callback: SendCallback | null = null;

  constructor(
    private readonly batchResult: ProduceRequestResult,
    /** Place in the batch that it was appended to, from 0. */
    readonly batchIndex: number,
    private readonly timestamp: number,
    private readonly serializedKeySize: number,
    private readonly serializedValueSize: number,
  ) {}

  isDone(): boolean {
    return this.batchResult.isDone(this.batchIndex);
  }

  get(timeoutMs?: number): Promise<RecordMetadata> {
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
      throw new IllegalArgumentError(`get() waits for 0 ms or more, not ${timeoutMs}.`);
    }
    const answer = timeoutMs === undefined ? this.#answer() : this.#answerWithin(timeoutMs);
    // A lost error is silent, as in Java: whoever wants to know has to wait for this promise.
    answer.catch(ignore);
    return answer;
  }

  /** Which batch result has, or will have, this record's outcome, and the record's place there: splits move it on. */
  location(): { result: ProduceRequestResult; index: number } {
    return this.batchResult.locate(this.batchIndex);
  }

  /** What is known now; for callbacks, which come before those who wait. */
  outcome(): { metadata: RecordMetadata; error: Error | null } {
    const { result, index } = this.location();
    const error = result.errorFor(index);
    const metadata = new RecordMetadata({
      topic: result.topic,
      partition: result.partition,
      baseOffset: result.baseOffset,
      batchIndex: index,
      timestamp: result.logAppendTimeMs === -1 ? this.timestamp : result.logAppendTimeMs,
      serializedKeySize: this.serializedKeySize,
      serializedValueSize: this.serializedValueSize,
    });
    return { metadata, error };
  }

  async #answer(): Promise<RecordMetadata> {
    // A split hands the record to another batch, which may be split in its turn.
    for (;;) {
      const { result, index } = this.location();
      if (result.isDone(index)) break;
      await result.settled();
    }
    const { metadata, error } = this.outcome();
    if (error !== null) throw error;
    return metadata;
  }

  #answerWithin(timeoutMs: number): Promise<RecordMetadata> {
    return new Promise((resolve, reject) => {
      const cancel = this.batchResult.clock.after(timeoutMs, () =>
        reject(
          new TimeoutError(
            `No answer for a record of ${this.batchResult.topic}-${this.batchResult.partition} within ${timeoutMs} ms. ` +
              'It may still be written: get() can be called again.',
          ),
        ),
      );
      this.#answer().then(resolve, reject).finally(cancel);
    });
  }
}

function ignore(): void {}
