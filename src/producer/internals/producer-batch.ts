import type { Clock } from '../../support/clock';
import { IllegalStateError } from '../../protocol/errors';
import type { BatchState } from '../producer-parts';
import type { Header } from '../../protocol/header';
import { RecordMetadata } from '../record-metadata';
import { warnOfThrown, watchRejection } from '../user-code';
import { FutureRecordMetadata } from './future-record-metadata';
import { ProduceRequestResult } from './produce-request-result';
import type { RecordBatchBuilder } from '../../protocol/record-batch-builder';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE } from '../../protocol/record-batch-format';
import { incrementSequence } from '../../protocol/sequence-numbers';

/**
 * After the broker answered, or the record failed for good. On failure the offset and sizes of `metadata` are unknown.
 * `batch` is the number of the batch in the trace.
 */
export type SendCallback = (metadata: RecordMetadata, error: Error | null, batch?: number) => unknown;

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
  drainReason: 'full' | 'linger' | 'memory' | 'flush' | 'close' | 'along' | null = null;
  /** Drawn anew for each retry. */
  retryBackoffMs = 0;
  producerId = NO_PRODUCER_ID;
  producerEpoch = NO_PRODUCER_EPOCH;
  baseSequence = NO_SEQUENCE;
  /** A request with these bytes is under way: its buffer must not be touched. */
  inRequest = false;
  /** An attempt ended without a response, or with one that does not say whether the broker has written the batch. */
  mayBeWritten = false;
  /** What the broker said last, as NOT_ENOUGH_REPLICAS, or null before the first response. */
  lastResponse: string | null = null;
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

  /** Written into the bytes when the batch is next sent. Never to be called while a request with them is under way. */
  setProducerState(producerId: bigint, producerEpoch: number, baseSequence: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.baseSequence = baseSequence;
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
    // The first epoch that is known is no change: metadata may just have been unknown for a moment.
    if (!isFirst) this.#attemptsWhenLeaderChanged = this.attempts;
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
    const parts = pieces.map((piece) => {
      const part = { firstIndex, count: piece.recordCount, result: piece.result, piece };
      firstIndex += piece.recordCount;
      return part;
    });
    for (const future of this.#toCall) {
      // In this batch, which may itself be a piece: the future only knows its place in the batch it was appended to.
      const { index } = future.location();
      parts.find((part) => index < part.firstIndex + part.count)!.piece.#toCall.push(future);
    }
    this.#toCall = [];
    this.#finalState = 'failed';
    this.result.split(parts);
  }

  /** What is known of the batch's fate, as a sentence for the error of a batch that fails without a final response. */
  get fate(): string {
    if (this.drainedMs === -1 && this.lastResponse === null) return 'It was never sent.';
    if (this.inRequest) return 'Its last request has no response yet: it may have been written.';
    const last = this.lastResponse === null ? '' : `The last response was ${this.lastResponse}: `;
    if (!this.mayBeWritten) return `${last === '' ? 'It' : `${last}it`} was not written.`;
    return `${last === '' ? 'No' : `${last}no`} response says that it was not written: it may have been written.`;
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
        watchRejection('A callback of send()', future.callback!(told, error, this.number));
      } catch (thrown) {
        // One failing callback must not keep the others from running (F-08).
        warnOfThrown('A callback of send()', thrown);
      }
    }
    this.#toCall = [];
  }
}
