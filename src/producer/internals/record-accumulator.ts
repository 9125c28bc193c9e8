import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import type { IsSendable, MemoryPool } from '../producer-parts';
import { callGuarded } from '../user-code';
import { AccumulatorQueues } from './accumulator-queues';
import type { AppendBuffers } from '../../protocol/append-buffers';
import { BatchDrain } from './batch-drain';
import { BufferPool } from './buffer-pool';
import type { Codec } from '../../protocol/compression';
import { CompressionRatioEstimator } from '../../protocol/compression-ratio-estimator';
import type { ExponentialBackoff } from './exponential-backoff';
import type { FutureRecordMetadata } from './future-record-metadata';
import type { Idempotence } from './idempotence';
import { IncompleteBatches } from './incomplete-batches';
import type { ProducerMetadata } from './metadata';
import type { ProducerMetrics } from './metrics';
import type { NodeLatencyStats } from './node-latency-stats';
import { AccumulatorReadiness } from './accumulator-readiness';
import type { ReadyCheckResult } from './accumulator-readiness';
import type { PendingRecord, ProducerBatch } from './producer-batch';
import { RecordAppender } from './record-appender';
import { splitBatch } from './split-batch';

export interface RecordAccumulatorOptions {
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly deliveryTimeoutMs: number;
  readonly adaptivePartitioning: boolean;
  readonly partitionAvailabilityTimeoutMs: number;
  readonly codec: Codec;
  readonly retryBackoff: ExponentialBackoff;
  readonly clock: Clock;
  readonly random: () => number;
  readonly metadata: ProducerMetadata;
  readonly metrics: ProducerMetrics;
  readonly pool: MemoryPool;
  readonly buffers: AppendBuffers;
  readonly isSendable: IsSendable;
  readonly idempotence: Idempotence | null;
  readonly trace: TraceListener | null;
  /** A batch of this topic is new or full: the sender should look at it soon (E-34). */
  readonly onSenderNeeded: (topic: string) => void;
}

/**
 * Where records wait to become requests: a queue of batches per partition. Records are appended to the last batch; the
 * sender takes the first ones. It never calls the sender: the sender pulls.
 */
export class RecordAccumulator {
  readonly incomplete = new IncompleteBatches();
  readonly #options: RecordAccumulatorOptions;
  readonly #queues: AccumulatorQueues;
  readonly #readiness: AccumulatorReadiness;
  readonly #drain: BatchDrain;
  readonly #ratios = new CompressionRatioEstimator();
  readonly #appender: RecordAppender;
  #flushesInProgress = 0;
  #closed = false;

  constructor(options: RecordAccumulatorOptions) {
    this.#options = options;
    this.#queues = new AccumulatorQueues(options.batchSize, options.random);
    const { metadata, metrics, clock, trace, pool, idempotence, batchSize } = options;
    const queues = this.#queues;
    this.#appender = new RecordAppender({
      batchSize,
      codec: options.codec,
      clock,
      metadata,
      metrics,
      pool,
      buffers: options.buffers,
      trace,
      queues,
      incomplete: this.incomplete,
      ratios: this.#ratios,
      onSenderNeeded: options.onSenderNeeded,
    });
    this.#readiness = new AccumulatorReadiness({
      queues,
      metadata,
      isSendable: options.isSendable,
      batchSize,
      lingerMs: options.lingerMs,
      adaptivePartitioning: options.adaptivePartitioning,
      partitionAvailabilityTimeoutMs: options.partitionAvailabilityTimeoutMs,
    });
    this.#drain = new BatchDrain({
      queues,
      metadata,
      idempotence,
      seal: (batch, nowMs) => this.#sealForDrain(batch, nowMs),
      prepare: (batch, nowMs) => this.#prepare(batch, nowMs),
    });
  }

  /** Appends without waiting; null when memory has to be waited for, with `appendWhenMemory()`. */
  append(record: PendingRecord): FutureRecordMetadata | null {
    return this.#appender.append(record);
  }

  /** As `append`, waiting for memory at most `maxBlockMs`. */
  appendWhenMemory(record: PendingRecord, maxBlockMs: number): Promise<FutureRecordMetadata> {
    return this.#appender.appendWhenMemory(record, maxBlockMs);
  }

  /** How many records wait for memory. */
  get waiting(): number {
    return this.#appender.waiting;
  }

  // ---- what the sender asks ------------------------------------------------------------------------------------------

  /** Which brokers have something to be sent to them now, and when to ask again. */
  ready(nowMs: number): ReadyCheckResult {
    return this.#readiness.ready(nowMs, {
      waitingForMemory: this.waiting > 0,
      flushing: this.#flushesInProgress > 0,
      closed: this.#closed,
    });
  }

  /** When a node had data, and when it could take it: what partitioner.availability.timeout.ms goes by (B-18). */
  updateNodeLatencyStats(nodeId: number, nowMs: number, canDrain: boolean): void {
    if (this.#options.partitionAvailabilityTimeoutMs > 0)
      this.#readiness.nodeStats.update(nodeId, nowMs, canDrain);
  }

  get nodeLatencyStats(): NodeLatencyStats {
    return this.#readiness.nodeStats;
  }

  /** Takes at most one batch per partition for each node, up to `maxSize` bytes, and closes them for sending. */
  drain(nodes: Iterable<number>, maxSize: number, nowMs: number): Map<number, ProducerBatch[]> {
    const drained = new Map<number, ProducerBatch[]>();
    for (const node of nodes) {
      const batches = this.#drain.takeFor(node, maxSize, nowMs);
      if (batches.length > 0) drained.set(node, batches);
    }
    return drained;
  }

  /** Why the batch is sent is decided here: once it is sealed, every batch looks full. */
  #sealForDrain(batch: ProducerBatch, nowMs: number): void {
    if (this.#options.trace !== null) batch.drainReason ??= this.#reason(batch, nowMs);
    this.#appender.seal(batch);
  }

  #prepare(batch: ProducerBatch, nowMs: number): void {
    if (!batch.hasSequence) this.#options.idempotence?.assignSequence(batch);
    if (batch.drainedMs === -1) batch.drainedMs = nowMs;
  }

  /** The first reason that holds, for the trace. */
  #reason(batch: ProducerBatch, nowMs: number): NonNullable<ProducerBatch['drainReason']> {
    if (batch.isFull) return 'full';
    if (nowMs - batch.createdMs >= this.#options.lingerMs) return 'linger';
    if (this.#closed) return 'close';
    if (this.#flushesInProgress > 0) return 'flush';
    return this.waiting > 0 ? 'memory' : 'along';
  }

  // ---- what comes back -----------------------------------------------------------------------------------------------

  /** To the front, for another attempt after the backoff; among retried batches in the order of their sequences. */
  reenqueue(batch: ProducerBatch, nowMs: number): void {
    batch.reenqueued(nowMs, this.#options.retryBackoff.backoffMs(batch.attempts));
    this.#insert(batch);
  }

  /**
   * A batch that the broker found too large comes back in pieces, in order, at the front (J-02): first of batch.size, then, if a
   * piece is still too large, of half its size (KAFKA-8350). Otherwise a batch.size above the topic's max.message.bytes would
   * never end. Returns the numbers of the pieces.
   */
  splitAndReenqueue(batch: ProducerBatch): number[] {
    const { codec, idempotence, batchSize } = this.#options;
    this.#ratios.resetEstimation(batch.topic, codec.type, batch.builder.compressionRatio);
    const pieceSize = batch.isSplitPiece
      ? Math.max(batch.maxRecordSize, Math.floor(batch.builder.uncompressedSizeInBytes / 2))
      : batchSize;
    const pieces = splitBatch(batch, pieceSize, (writeLimit) =>
      this.#appender.newBatch(batch.topic, batch.partition, 0, writeLimit),
    );
    for (const piece of pieces) this.incomplete.add(piece);
    batch.splitInto(pieces);
    if (batch.hasSequence) idempotence?.replaceInFlight(batch, pieces);
    for (const piece of [...pieces].reverse()) this.#insert(piece);
    return pieces.map(({ number }) => number);
  }

  #insert(batch: ProducerBatch): void {
    const queue = this.#queues.queue(this.#queues.topic(batch.topic), batch.partition);
    if (batch.hasSequence) queue.insertInSequenceOrder(batch);
    else queue.addFirst(batch);
  }

  /** Gives the batch's memory back, once and only once, and not while a socket may still read it (D-18). */
  deallocate(batch: ProducerBatch): void {
    this.incomplete.remove(batch);
    if (batch.inRequest) {
      batch.releaseWhenAnswered = true;
      return;
    }
    batch.releaseWhenAnswered = false;
    batch.builder.release();
    const size = batch.allocatedBytes;
    batch.allocatedBytes = 0;
    if (size === 0) return;
    this.#options.pool.deallocate(size);
    this.#appender.traceMemory();
  }

  /** Takes batches out of the queues whose time is over, counted from their creation (E-25). */
  expiredBatches(nowMs: number): ProducerBatch[] {
    const isExpired = (batch: ProducerBatch): boolean =>
      batch.hasReachedDeliveryTimeout(this.#options.deliveryTimeoutMs, nowMs);
    const expired: ProducerBatch[] = [];
    for (const queue of this.#queues.all()) expired.push(...queue.takeExpired(isExpired));
    return expired;
  }

  /** When the oldest batch of all queues was opened; null if there is none. */
  oldestCreatedMs(): number | null {
    let oldest: number | null = null;
    for (const { oldestCreatedMs } of this.#queues.all()) {
      if (oldestCreatedMs !== null && (oldest === null || oldestCreatedMs < oldest)) oldest = oldestCreatedMs;
    }
    return oldest;
  }

  mute(topic: string, partition: number): void {
    this.#queues.queue(this.#queues.topic(topic), partition).muted = true;
  }

  unmute(topic: string, partition: number): void {
    this.#queues.queue(this.#queues.topic(topic), partition).muted = false;
  }

  hasUndrained(): boolean {
    for (const queue of this.#queues.all()) if (queue.length > 0) return true;
    return false;
  }

  /** `buffer.memory`: how much of it is free. */
  get pool(): MemoryPool {
    return this.#options.pool;
  }

  /** Takes the batches out of the queues whose partitions this node leads. */
  takeBatchesOf(nodeId: number): ProducerBatch[] {
    const taken: ProducerBatch[] = [];
    for (const queue of this.#queues.all()) {
      if (this.#options.metadata.leaderOf(queue.topic, queue.partition)?.leader !== nodeId) continue;
      while (queue.first !== undefined) taken.push(queue.takeFirst()!);
    }
    return taken;
  }

  /** Batches waiting for one partition, oldest first. For tests and traces. */
  batchesOf(topic: string, partition: number): readonly ProducerBatch[] {
    return this.#queues.find(topic, partition)?.batches ?? [];
  }

  // ---- flush and close -----------------------------------------------------------------------------------------------

  get flushInProgress(): boolean {
    return this.#flushesInProgress > 0;
  }

  /** From here on every batch may be sent, linger.ms or not, until `endFlush()`. */
  beginFlush(): void {
    this.#flushesInProgress++;
  }

  endFlush(): void {
    this.#flushesInProgress--;
  }

  /** Waits for the batches that are there now, their pieces if they are split included, and for none that come later. */
  async awaitIncompleteBatches(): Promise<void> {
    for (const { result } of this.incomplete.snapshot()) await result.completed();
  }

  /** No more appends; waiters for memory fail. */
  close(): void {
    this.#closed = true;
    this.#appender.close();
    if (this.#options.pool instanceof BufferPool) this.#options.pool.close();
  }

  /** Ends every batch that is not finished, drained or not (forced close, E-29). Never throws. */
  abortIncompleteBatches(errorOf: (batch: ProducerBatch) => Error): void {
    this.#abort(this.incomplete.snapshot(), errorOf);
  }

  /** Ends the batches that were not sent yet; those with a request under way wait for its response (E-30). */
  abortUndrainedBatches(error: Error): void {
    const undrained = [...this.#queues.all()].flatMap((queue) => queue.batches.slice());
    this.#abort(
      undrained.filter((batch) => !batch.hasSequence),
      () => error,
    );
  }

  #abort(batches: readonly ProducerBatch[], errorOf: (batch: ProducerBatch) => Error): void {
    const { trace, clock } = this.#options;
    for (const batch of batches) {
      this.#queues.find(batch.topic, batch.partition)?.remove(batch);
      if (batch.isDone) continue;
      const error = errorOf(batch);
      const { number, topic, partition } = batch;
      const named = { batch: number, topic, partition };
      trace?.({
        stage: 'batch-failed',
        atMs: clock.now(),
        ...named,
        error: error.message,
        reason: 'aborted',
      });
      batch.abort(error);
    }
    // Last, and each by itself: a pool from outside may throw, and every record needs to learn what became of it.
    for (const batch of batches) callGuarded('deallocate() of the buffer pool', () => this.deallocate(batch));
  }
}
