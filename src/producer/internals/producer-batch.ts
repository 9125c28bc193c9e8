import type { Clock } from '../../support/clock';
import { IllegalStateError } from '../../protocol/errors';
import type { BatchState } from '../producer-parts';
import type { Header } from '../../protocol/header';
import { RecordMetadata } from '../record-metadata';
import { FutureRecordMetadata } from './future-record-metadata';
import { ProduceRequestResult } from './produce-request-result';
import type { RecordBatchBuilder } from '../../protocol/record-batch-builder';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE } from '../../protocol/record-batch-format';
import { incrementSequence } from '../../protocol/sequence-numbers';

/**
 * After the broker answered, or the record failed for good. On failure the offset and sizes of `metadata` are unknown.
 * `batch` is the number of the batch in the trace.
 */
export type SendCallback = (metadata: RecordMetadata, error: Error | null, batch?: number) => void;

/** A record on its way through send(): the one object that all steps hand on. */
export interface PendingRecord {
  readonly topic: string;
  /** -1: the built-in partitioner decides when the record is appended. */
  partition: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  /** Bytes that a batch with only this record takes at most. */
  readonly sizeUpperBound: number;
  readonly callback: SendCallback | null;
  /** In the order of send(), from 1: for the trace. */
  readonly number: number;
}

export interface ProducerBatchOptions {
  /** In the order in which batches were opened, from 1: for the trace. */
  readonly number: number;
  readonly topic: string;
  readonly partition: number;
  readonly builder: RecordBatchBuilder;
  /** Bytes taken from the pool; 0 for a piece of a split batch, which lives outside it (J-03). */
  readonly allocatedBytes: number;
  /** From which size on the batch is full. */
  readonly writeLimit: number;
  readonly clock: Clock;
}

/**
 * A batch of one partition from its first record to the last callback: Java's ProducerBatch. It ends exactly once, as
 * succeeded, failed or aborted.
 */
export class ProducerBatch implements BatchState {
  readonly number: number;
  readonly topic: string;
  readonly partition: number;
  createdMs: number;
  readonly writeLimit: number;
  readonly result: ProduceRequestResult;
  readonly builder: RecordBatchBuilder;
  /** Bytes held of the pool; 0 once they were given back, so that they never are twice. */
  allocatedBytes: number;
  recordCount = 0;
  maxRecordSize = 0;
  attempts = 0;
  lastAttemptMs: number;
  drainedMs = -1;
  /** Why it went out the first time: for the trace. */
  drainReason: 'full' | 'linger' | 'memory' | 'flush' | 'close' | 'along' = 'linger';
  /** Drawn anew for each retry. */
  retryBackoffMs = 0;
  producerId = NO_PRODUCER_ID;
  producerEpoch = NO_PRODUCER_EPOCH;
  baseSequence = NO_SEQUENCE;
  /** Its numbers were changed after it was first sent, because of a gap before it or a new epoch. */
  sequenceWasReset = false;
  /** A request with these bytes is under way: its buffer must not be touched. */
  inRequest = false;
  /** Finished while in a request: the memory is given back after the answer. */
  releaseWhenAnswered = false;
  isSplitPiece = false;
  /** Futures of the records that have a callback, in order. */
  #toCall: FutureRecordMetadata[] = [];
  #finalState: 'succeeded' | 'failed' | 'aborted' | null = null;
  #leaderEpoch = -1;
  #attemptsWhenLeaderChanged = -1;

  constructor(options: ProducerBatchOptions) {
    this.number = options.number;
    this.topic = options.topic;
    this.partition = options.partition;
    this.builder = options.builder;
    this.allocatedBytes = options.allocatedBytes;
    this.writeLimit = options.writeLimit;
    this.createdMs = options.clock.now();
    this.lastAttemptMs = this.createdMs;
    this.result = new ProduceRequestResult(options.topic, options.partition, options.clock);
  }

  get sizeInBytes(): number {
    return this.builder.sizeInBytes;
  }

  get closed(): boolean {
    return this.builder.isClosedForAppends;
  }

  get isFull(): boolean {
    return this.builder.isFull;
  }

  get isDone(): boolean {
    return this.#finalState !== null;
  }

  get hasSequence(): boolean {
    return this.baseSequence !== NO_SEQUENCE;
  }

  get lastSequence(): number {
    return incrementSequence(this.baseSequence, this.recordCount - 1);
  }

  /** null when the record does not fit, or the batch takes none any more. */
  tryAppend(record: PendingRecord): FutureRecordMetadata | null {
    const { timestamp, key, value, headers } = record;
    if (!this.builder.hasRoomFor(timestamp, key, value, headers)) return null;
    this.builder.append(timestamp, key, value, headers);
    if (record.sizeUpperBound > this.maxRecordSize) this.maxRecordSize = record.sizeUpperBound;
    const keySize = key === null ? -1 : key.length;
    const valueSize = value === null ? -1 : value.length;
    const future = new FutureRecordMetadata(this.result, this.recordCount++, timestamp, keySize, valueSize);
    if (record.callback !== null) {
      future.callback = record.callback;
      this.#toCall.push(future);
    }
    return future;
  }

  closeForAppends(): void {
    if (this.recordCount > 0) this.builder.closeForAppends();
  }

  /** The bytes to send. */
  close(): Buffer {
    return this.builder.close(this);
  }

  setProducerState(producerId: bigint, producerEpoch: number, baseSequence: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.baseSequence = baseSequence;
  }

  /** Written into the bytes when the batch is next sent, never while a request with them is under way. */
  resetProducerState(producerId: bigint, producerEpoch: number, baseSequence: number): void {
    this.setProducerState(producerId, producerEpoch, baseSequence);
    this.sequenceWasReset = true;
  }

  reenqueued(nowMs: number, retryBackoffMs: number): void {
    this.attempts++;
    this.lastAttemptMs = Math.max(this.lastAttemptMs, nowMs);
    this.retryBackoffMs = retryBackoffMs;
  }

  /** Leader epochs only move up; -1 (not known) changes nothing (E-24). */
  updateLeaderEpoch(epoch: number): void {
    if (epoch <= this.#leaderEpoch) return;
    const isFirst = this.#leaderEpoch === -1;
    this.#leaderEpoch = epoch;
    if (!isFirst || this.attempts > 0) this.#attemptsWhenLeaderChanged = this.attempts;
  }

  /** A retry to a new leader need not wait: the backoff is for the sake of the old one (KIP-951). */
  get leaderChangedForThisRetry(): boolean {
    return this.attempts >= 1 && this.#attemptsWhenLeaderChanged === this.attempts;
  }

  hasReachedDeliveryTimeout(deliveryTimeoutMs: number, nowMs: number): boolean {
    return deliveryTimeoutMs <= nowMs - this.createdMs;
  }

  /** False if the batch had been aborted or failed before: late answers of the broker change nothing. */
  complete(baseOffset: bigint, logAppendTimeMs: number): boolean {
    return this.#finish('succeeded', baseOffset, logAppendTimeMs, null);
  }

  completeExceptionally(errorOf: (index: number) => Error): boolean {
    return this.#finish('failed', -1n, -1, errorOf);
  }

  abort(error: Error): void {
    if (this.#finalState !== null) {
      throw new IllegalStateError(`A batch that has ${this.#finalState} cannot be aborted.`);
    }
    this.#finish('aborted', -1n, -1, () => error);
  }

  /** Hands callbacks and futures over to the pieces, in order. */
  splitInto(pieces: readonly ProducerBatch[]): void {
    let firstIndex = 0;
    const parts = pieces.map(({ recordCount: count, result }) => {
      const part = { firstIndex, count, result };
      firstIndex += count;
      return part;
    });
    const lastOf = parts.map((part) => part.firstIndex + part.count);
    for (const future of this.#toCall) {
      const at = lastOf.findIndex((end) => future.batchIndex < end);
      pieces[at]!.#toCall.push(future);
    }
    this.#toCall = [];
    this.#finalState = 'failed';
    this.result.split(parts);
  }

  #finish(
    state: 'succeeded' | 'failed' | 'aborted',
    baseOffset: bigint,
    logAppendTimeMs: number,
    errorOf: ((index: number) => Error) | null,
  ): boolean {
    if (this.#finalState === 'succeeded') {
      throw new IllegalStateError(`A batch that has succeeded can not be ${state} afterwards.`);
    }
    if (this.#finalState !== null) return false;
    this.#finalState = state;
    this.result.set(baseOffset, logAppendTimeMs, errorOf);
    this.#fireCallbacks();
    this.result.done();
    return true;
  }

  #fireCallbacks(): void {
    for (const future of this.#toCall) {
      const { metadata, error } = future.outcome();
      const told =
        error === null ? metadata : new RecordMetadata({ topic: this.topic, partition: this.partition });
      try {
        future.callback!(told, error, this.number);
      } catch (thrown) {
        // One bad callback must not keep the others from hearing (F-08).
        process.emitWarning(`A callback of send() threw, which nobody sees but you: ${String(thrown)}`);
      }
    }
    this.#toCall = [];
  }
}
