import { RecordMetadata } from '../../../../src/producer/index';
import type { ProducerRecord, RecordFuture, SendCallback } from '../../../../src/producer/index';

/** What is to happen to one record. */
export interface Script {
  /** Errors with which send() rejects, one for each call, before it takes the record. */
  readonly refusals?: readonly Error[];
  /** What get() rejects with the first time; left out: delivered, as every further time. */
  readonly failure?: Error;
  /** Until the broker's answer. */
  readonly answerAfterMs?: number;
}

/** A record is taken after so many calls, whatever its script says: an answer that tries for ever comes to an end. */
const MOST_CALLS = 40;
const DEFAULT_ANSWER_MS = 5;

/** A producer without a broker: send(), get(), callbacks and flush() as the real one has them, and what they do by script. */
export class ScriptedProducer {
  /** The value of the record of each call, in the order of the calls. */
  readonly calls: string[] = [];
  /** The values of the records that send() has taken. */
  readonly taken: string[] = [];
  readonly settled: string[] = [];
  closed = false;
  readonly #answers = new Set<Promise<unknown>>();

  constructor(private readonly scripts: Readonly<Record<string, Script>>) {}

  async send(record: ProducerRecord<string, string>, callback?: SendCallback | null): Promise<RecordFuture> {
    const value = String(record.value);
    const { refusals = [], failure, answerAfterMs = DEFAULT_ANSWER_MS } = this.scripts[value] ?? {};
    const call = this.calls.filter((one) => one === value).length;
    this.calls.push(value);
    // Later than any microtask, so that an answer that does not wait is seen not to wait.
    await new Promise((resolve) => setImmediate(resolve));
    const refusal = call < MOST_CALLS ? refusals[call] : undefined;
    if (refusal !== undefined) {
      // As the real one does with what is an ApiError: the callback hears of it, too.
      callback?.(new RecordMetadata({ topic: record.topic, partition: 0 }), refusal);
      throw refusal;
    }
    const isFirst = !this.taken.includes(value);
    this.taken.push(value);
    return this.#future(value, isFirst ? failure : undefined, answerAfterMs, callback);
  }

  async flush(): Promise<void> {
    await Promise.all(this.#answers);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }

  #future(
    value: string,
    failure: Error | undefined,
    answerAfterMs: number,
    callback: SendCallback | null | undefined,
  ): RecordFuture {
    const metadata = new RecordMetadata({
      topic: 'orders',
      partition: 0,
      baseOffset: BigInt(this.taken.length),
      batchIndex: 0,
    });
    let done = false;
    const answer = new Promise<RecordMetadata>((resolve, reject) => {
      setTimeout(() => {
        done = true;
        this.settled.push(value);
        callback?.(metadata, failure ?? null);
        if (failure === undefined) resolve(metadata);
        else reject(failure);
      }, answerAfterMs);
    });
    // As with the real producer, an error that nobody looks at is silent.
    this.#answers.add(answer.catch(() => undefined));
    return { get: () => answer, isDone: () => done };
  }
}
