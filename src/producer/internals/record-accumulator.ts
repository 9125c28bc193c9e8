import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import { BufferExhaustedError, IllegalStateError, KafkaError, TimeoutError } from '../errors';
import type { IsSendable, MemoryPool } from '../parts';
import { AccumulatorQueues } from './accumulator-queues';
import type { TopicQueues } from './accumulator-queues';
import type { AppendBuffers } from './append-buffers';
import { BatchDrain } from './batch-drain';
import { BufferPool } from './buffer-pool';
import type { StickyPartition } from './built-in-partitioner';
import type { Codec } from './compression';
import { CompressionRatioEstimator } from './compression-ratio-estimator';
import type { ExponentialBackoff } from './exponential-backoff';
import type { FutureRecordMetadata } from './future-record-metadata';
import type { Idempotence } from './idempotence';
import { IncompleteBatches } from './incomplete-batches';
import type { ProducerMetadata } from './metadata';
import type { ProducerMetrics } from './metrics';
import type { NodeLatencyStats } from './node-latency-stats';
import type { PartitionQueue } from './partition-queue';
import { ReadyCheck } from './ready-check';
import type { ReadyCheckResult } from './ready-check';
import { ProducerBatch } from './producer-batch';
import type { PendingRecord } from './producer-batch';
import { RecordBatchBuilder } from './record-batch-builder';
import { splitBatch } from './split-batch';

/** The built-in partitioner decides, when the record is appended. */
export const UNKNOWN_PARTITION = -1;

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
}

/**
 * Where records wait to become requests: a queue of batches per partition. Records are appended to the last batch; the
 * sender takes the first ones. It never calls the sender: the sender pulls.
 */
export class RecordAccumulator {
  /** Whether the last append left something for the sender to look at: a batch that is new or full (E-34). */
  senderIsNeeded = false;
  readonly incomplete = new IncompleteBatches();
  readonly #options: RecordAccumulatorOptions;
  readonly #queues: AccumulatorQueues;
  readonly #readyCheck: ReadyCheck;
  readonly #drain: BatchDrain;
  readonly #ratios = new CompressionRatioEstimator();
  readonly #builtInPool: BufferPool | null;
  #batchesOpened = 0;
  #flushesInProgress = 0;
  #closed = false;

  constructor(options: RecordAccumulatorOptions) {
    this.#options = options;
    this.#queues = new AccumulatorQueues(options.batchSize, options.random);
    this.#readyCheck = new ReadyCheck({ ...options, queues: this.#queues });
    this.#drain = new BatchDrain({
      ...options,
      queues: this.#queues,
      prepare: (batch, nowMs) => this.#prepare(batch, nowMs),
    });
    this.#builtInPool = options.pool instanceof BufferPool ? options.pool : null;
  }

  // ---- appending -----------------------------------------------------------------------------------------------------

  /** Appends without waiting; null when memory has to be waited for, with `appendWhenMemory()`. */
  append(record: PendingRecord): FutureRecordMetadata | null {
    this.#throwIfClosed();
    const topic = this.#queues.topic(record.topic);
    const sticky = record.partition === UNKNOWN_PARTITION ? this.#sticky(topic) : null;
    const queue = this.#queues.queue(topic, sticky === null ? record.partition : sticky.partition);
    const future = this.#tryAppend(record, topic, queue, sticky);
    if (future !== null) return future;
    if (sticky !== null && this.#movesOn(topic, queue, sticky)) return this.append(record);
    const size = this.#allocationSize(record);
    // Somebody who asked earlier is about to open a batch here: records of one partition keep the order of send().
    if (queue.waitingForMemory > 0) return null;
    if (this.#builtInPool === null || !this.#builtInPool.tryAllocate(size)) return null;
    try {
      return this.#appendToNewBatch(record, topic, queue, sticky, size);
    } catch (error) {
      this.#builtInPool.deallocate(size);
      throw error;
    }
  }

  /** As `append`, waiting for memory at most `maxBlockMs`. */
  async appendWhenMemory(record: PendingRecord, maxBlockMs: number): Promise<FutureRecordMetadata> {
    const size = this.#allocationSize(record);
    const startedMs = this.#options.clock.now();
    const waitsAt = this.#queueFor(record);
    waitsAt.waitingForMemory++;
    try {
      await this.#allocate(size, maxBlockMs);
    } finally {
      waitsAt.waitingForMemory--;
      this.#options.metrics.recordBufferWait(this.#options.clock.now() - startedMs);
    }
    let isUsed = false;
    try {
      this.#throwIfClosed();
      // The partition may have moved on in the meantime, and another record may have opened a batch with room for this one.
      const topic = this.#queues.topic(record.topic);
      const isSticky = record.partition === UNKNOWN_PARTITION;
      let sticky = isSticky ? this.#sticky(topic) : null;
      let queue = this.#queues.queue(topic, sticky === null ? record.partition : sticky.partition);
      let future = this.#tryAppend(record, topic, queue, sticky);
      if (future === null && sticky !== null && this.#movesOn(topic, queue, sticky)) {
        sticky = this.#sticky(topic);
        queue = this.#queues.queue(topic, sticky.partition);
        future = this.#tryAppend(record, topic, queue, sticky);
      }
      if (future !== null) return future;
      const first = this.#appendToNewBatch(record, topic, queue, sticky, size);
      isUsed = true;
      return first;
    } finally {
      if (!isUsed) this.#options.pool.deallocate(size);
    }
  }

  /** The partition that a record without one went to, or would go to now. */
  partitionOf(record: PendingRecord): number {
    return this.#queueFor(record).partition;
  }

  #queueFor(record: PendingRecord): PartitionQueue {
    const topic = this.#queues.topic(record.topic);
    const isSticky = record.partition === UNKNOWN_PARTITION;
    return this.#queues.queue(topic, isSticky ? this.#sticky(topic).partition : record.partition);
  }

  #tryAppend(
    record: PendingRecord,
    topic: TopicQueues,
    queue: PartitionQueue,
    sticky: StickyPartition | null,
  ): FutureRecordMetadata | null {
    const last = queue.last;
    if (last === undefined) return null;
    const sizeBefore = last.sizeInBytes;
    const future = last.tryAppend(record);
    if (future === null) {
      this.#seal(last);
      return null;
    }
    this.#appended(record, queue, last);
    if (sticky !== null) this.#updateSticky(topic, queue, sticky, last.sizeInBytes - sizeBefore);
    this.senderIsNeeded = queue.length > 1 || last.isFull;
    return future;
  }

  #appendToNewBatch(
    record: PendingRecord,
    topic: TopicQueues,
    queue: PartitionQueue,
    sticky: StickyPartition | null,
    size: number,
  ): FutureRecordMetadata {
    const batch = this.#newBatch(record.topic, queue.partition, size, size);
    const future = batch.tryAppend(record);
    if (future === null) throw new IllegalStateError('The first record always fits its batch.');
    queue.addLast(batch);
    this.incomplete.add(batch);
    this.#appended(record, queue, batch);
    if (sticky !== null) this.#updateSticky(topic, queue, sticky, batch.sizeInBytes);
    this.senderIsNeeded = true;
    return future;
  }

  #newBatch(topic: string, partition: number, allocatedBytes: number, writeLimit: number): ProducerBatch {
    const { codec, clock, buffers, trace } = this.#options;
    const builder = new RecordBatchBuilder({
      writeLimit,
      codec,
      estimatedCompressionRatio: this.#ratios.estimation(topic, codec.type),
      buffers,
    });
    const number = ++this.#batchesOpened;
    trace?.({ stage: 'batch-opened', atMs: clock.now(), batch: number, topic, partition, allocatedBytes });
    if (allocatedBytes > 0) this.#traceMemory();
    return new ProducerBatch({ number, topic, partition, builder, allocatedBytes, writeLimit, clock });
  }

  #appended(record: PendingRecord, queue: PartitionQueue, batch: ProducerBatch): void {
    const { trace, clock } = this.#options;
    if (trace !== null && record.partition === UNKNOWN_PARTITION) {
      const { number, topic } = record;
      trace({
        stage: 'partitioned',
        atMs: clock.now(),
        record: number,
        topic,
        partition: queue.partition,
        by: 'sticky',
      });
    }
    record.partition = queue.partition;
    trace?.({
      stage: 'appended',
      atMs: clock.now(),
      record: record.number,
      topic: record.topic,
      partition: queue.partition,
      batch: batch.number,
      index: batch.recordCount - 1,
      batchSizeInBytes: batch.sizeInBytes,
    });
  }

  #updateSticky(topic: TopicQueues, queue: PartitionQueue, sticky: StickyPartition, bytes: number): void {
    // Leaving a batch that has room would send it out part-filled (B-10, B-14).
    const maySwitch = queue.last === undefined || queue.last.isFull;
    topic.partitioner.update(sticky, bytes, this.#options.metadata.cluster, maySwitch);
  }

  /** Takes no more records; compresses them while they are at hand. */
  #seal(batch: ProducerBatch): void {
    if (batch.closed || batch.recordCount === 0) return;
    batch.closeForAppends();
    const { codec } = this.#options;
    if (codec.id !== 0) {
      this.#ratios.updateEstimation(batch.topic, codec.type, batch.builder.compressionRatio);
    }
  }

  #sticky(topic: TopicQueues): StickyPartition {
    const { cluster } = this.#options.metadata;
    const sticky = topic.partitioner.current(cluster);
    if (sticky.producedBytes < topic.partitioner.stickyBatchSize) return sticky;
    this.#movesOn(topic, topic.queues[sticky.partition], sticky);
    return topic.partitioner.current(cluster);
  }

  /** Makes up for a suppressed switch once the batch is full, closed or gone (B-11). Whether the partition has changed. */
  #movesOn(topic: TopicQueues, queue: PartitionQueue | undefined, sticky: StickyPartition): boolean {
    const last = queue?.last;
    if (last !== undefined && !last.isFull) return false;
    topic.partitioner.update(sticky, 0, this.#options.metadata.cluster, true);
    return !topic.partitioner.isCurrent(sticky);
  }

  async #allocate(size: number, maxBlockMs: number): Promise<void> {
    try {
      await this.#options.pool.allocate(size, maxBlockMs);
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      this.#options.metrics.recordBufferExhausted();
      // A pool from outside may throw the plain kind: the producer's users are told the exact one.
      throw error instanceof BufferExhaustedError
        ? error
        : new BufferExhaustedError(error.message, { cause: error });
    }
  }

  #allocationSize(record: PendingRecord): number {
    return Math.max(this.#options.batchSize, record.sizeUpperBound);
  }

  #throwIfClosed(): void {
    if (this.#closed) throw new KafkaError('The producer was closed while the record was being sent.');
  }

  // ---- what the sender asks ------------------------------------------------------------------------------------------

  /** Which brokers have something to be sent to them now, and when to ask again. */
  ready(nowMs: number): ReadyCheckResult {
    return this.#readyCheck.ready(nowMs, { flushing: this.#flushesInProgress > 0, closed: this.#closed });
  }

  /** When a node had data, and when it could take it: what partitioner.availability.timeout.ms goes by (B-18). */
  updateNodeLatencyStats(nodeId: number, nowMs: number, canDrain: boolean): void {
    if (this.#options.partitionAvailabilityTimeoutMs > 0)
      this.#readyCheck.nodeStats.update(nodeId, nowMs, canDrain);
  }

  get nodeLatencyStats(): NodeLatencyStats {
    return this.#readyCheck.nodeStats;
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

  #prepare(batch: ProducerBatch, nowMs: number): void {
    if (this.#options.trace !== null && batch.attempts === 0) batch.drainReason = this.#reason(batch, nowMs);
    this.#seal(batch);
    if (!batch.hasSequence) this.#options.idempotence?.assignSequence(batch);
    if (batch.drainedMs === -1) batch.drainedMs = nowMs;
  }

  /** The first reason that holds, for the trace. */
  #reason(batch: ProducerBatch, nowMs: number): ProducerBatch['drainReason'] {
    if (batch.isFull) return 'full';
    if (nowMs - batch.createdMs >= this.#options.lingerMs) return 'linger';
    if (this.#closed) return 'close';
    if (this.#flushesInProgress > 0) return 'flush';
    return this.#options.pool.queued > 0 ? 'memory' : 'along';
  }

  // ---- what comes back -----------------------------------------------------------------------------------------------

  /** To the front, for another attempt after the backoff; among retried batches in the order of their sequences. */
  reenqueue(batch: ProducerBatch, nowMs: number): void {
    batch.reenqueued(nowMs, this.#options.retryBackoff.backoffMs(batch.attempts));
    this.#insert(batch);
  }

  /** A batch that the broker found too large comes back as pieces of batch.size, in order, at the front (J-02). */
  splitAndReenqueue(batch: ProducerBatch): number {
    const { codec, idempotence, batchSize } = this.#options;
    this.#ratios.resetEstimation(batch.topic, codec.type, batch.builder.compressionRatio);
    const pieces = splitBatch(batch, batchSize, (writeLimit) =>
      this.#newBatch(batch.topic, batch.partition, 0, writeLimit),
    );
    for (const piece of pieces) this.incomplete.add(piece);
    batch.splitInto(pieces);
    if (batch.hasSequence) idempotence?.replaceInFlight(batch, pieces);
    for (const piece of [...pieces].reverse()) this.#insert(piece);
    return pieces.length;
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
    this.#traceMemory();
  }

  /** Takes batches out of the queues whose time is over, counted from their creation (E-25). */
  expiredBatches(nowMs: number): ProducerBatch[] {
    const expired: ProducerBatch[] = [];
    for (const queue of this.#queues.all()) {
      for (let batch = queue.first; batch !== undefined; batch = queue.first) {
        if (!batch.hasReachedDeliveryTimeout(this.#options.deliveryTimeoutMs, nowMs)) break;
        queue.takeFirst();
        expired.push(batch);
      }
    }
    return expired;
  }

  /** Creation time of the oldest batch at the head of a queue, or null. */
  oldestCreatedMs(): number | null {
    let oldest: number | null = null;
    for (const { first } of this.#queues.all()) {
      if (first !== undefined && (oldest === null || first.createdMs < oldest)) oldest = first.createdMs;
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

  /** Bytes nobody holds, and how many wait, for metrics. */
  get pool(): MemoryPool {
    return this.#options.pool;
  }

  /** Batches waiting for one partition, oldest first. For tests and traces. */
  batchesOf(topic: string, partition: number): readonly ProducerBatch[] {
    return this.#queues.find(topic, partition)?.batches ?? [];
  }

  // ---- flush and close -----------------------------------------------------------------------------------------------

  get flushInProgress(): boolean {
    return this.#flushesInProgress > 0;
  }

  beginFlush(): void {
    this.#flushesInProgress++;
  }

  /** Waits for the batches that are there now, the pieces of those that are split included; those that come later are not waited for. */
  async awaitFlushCompletion(): Promise<void> {
    try {
      for (const { result } of this.incomplete.snapshot()) await result.completed();
    } finally {
      this.#flushesInProgress--;
    }
  }

  /** No more appends; what waits for memory fails. */
  close(): void {
    this.#closed = true;
    this.#builtInPool?.close();
  }

  /** Ends every batch that is not finished, drained or not (forced close, E-29). */
  abortIncompleteBatches(error: Error): void {
    this.#abort(this.incomplete.snapshot(), error);
    this.#queues.clear();
  }

  /** Ends the batches that were not sent yet; those under way are left to their answers (E-30). */
  abortUndrainedBatches(error: Error): void {
    const undrained = [...this.#queues.all()].flatMap((queue) => queue.batches.slice());
    this.#abort(
      undrained.filter((batch) => !batch.hasSequence),
      error,
    );
  }

  #abort(batches: readonly ProducerBatch[], error: Error): void {
    for (const batch of batches) {
      this.#queues.find(batch.topic, batch.partition)?.remove(batch);
      batch.abort(error);
      this.deallocate(batch);
    }
  }

  #traceMemory(): void {
    const { trace, clock, pool } = this.#options;
    trace?.({
      stage: 'memory',
      atMs: clock.now(),
      availableBytes: pool.availableMemory,
      waiting: pool.queued,
    });
  }
}
