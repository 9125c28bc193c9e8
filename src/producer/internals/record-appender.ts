import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import { BufferExhaustedError, IllegalStateError, KafkaError, TimeoutError } from '../../protocol/errors';
import type { MemoryPool } from '../producer-parts';
import type { AccumulatorQueues, TopicQueues } from './accumulator-queues';
import type { AppendBuffers } from '../../protocol/append-buffers';
import { BufferPool } from './buffer-pool';
import type { StickyPartition } from './built-in-partitioner';
import type { Codec } from '../../protocol/compression';
import type { CompressionRatioEstimator } from '../../protocol/compression-ratio-estimator';
import type { FutureRecordMetadata } from './future-record-metadata';
import type { IncompleteBatches } from './incomplete-batches';
import type { ProducerMetadata } from './metadata';
import type { ProducerMetrics } from './metrics';
import type { PartitionQueue } from './partition-queue';
import { ProducerBatch } from './producer-batch';
import type { PendingRecord } from './producer-batch';
import { RecordBatchBuilder } from '../../protocol/record-batch-builder';

/** The built-in partitioner decides, when the record is appended. */
export const UNKNOWN_PARTITION = -1;

export interface RecordAppenderOptions {
  readonly batchSize: number;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly metadata: ProducerMetadata;
  readonly metrics: ProducerMetrics;
  readonly pool: MemoryPool;
  readonly buffers: AppendBuffers;
  readonly trace: TraceListener | null;
  readonly queues: AccumulatorQueues;
  readonly incomplete: IncompleteBatches;
  readonly ratios: CompressionRatioEstimator;
}

/** The way of a record into a batch: the last one of its partition if it fits, else a new one once there is memory for it. */
export class RecordAppender {
  /** Whether the last append left something for the sender to look at: a batch that is new or full (E-34). */
  senderIsNeeded = false;
  closed = false;
  readonly #options: RecordAppenderOptions;
  readonly #builtInPool: BufferPool | null;
  #batchesOpened = 0;

  constructor(options: RecordAppenderOptions) {
    this.#options = options;
    this.#builtInPool = options.pool instanceof BufferPool ? options.pool : null;
  }

  /** Appends without waiting; null when memory has to be waited for, with `appendWhenMemory()`. */
  append(record: PendingRecord): FutureRecordMetadata | null {
    this.#throwIfClosed();
    const topic = this.#options.queues.topic(record.topic);
    const sticky = record.partition === UNKNOWN_PARTITION ? this.#sticky(topic) : null;
    const queue = this.#options.queues.queue(topic, sticky === null ? record.partition : sticky.partition);
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
      const topic = this.#options.queues.topic(record.topic);
      const isSticky = record.partition === UNKNOWN_PARTITION;
      let sticky = isSticky ? this.#sticky(topic) : null;
      let queue = this.#options.queues.queue(topic, sticky === null ? record.partition : sticky.partition);
      let future = this.#tryAppend(record, topic, queue, sticky);
      if (future === null && sticky !== null && this.#movesOn(topic, queue, sticky)) {
        sticky = this.#sticky(topic);
        queue = this.#options.queues.queue(topic, sticky.partition);
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

  #queueFor(record: PendingRecord): PartitionQueue {
    const topic = this.#options.queues.topic(record.topic);
    const isSticky = record.partition === UNKNOWN_PARTITION;
    return this.#options.queues.queue(topic, isSticky ? this.#sticky(topic).partition : record.partition);
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
      this.seal(last);
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
    const batch = this.newBatch(record.topic, queue.partition, size, size);
    const future = batch.tryAppend(record);
    if (future === null) throw new IllegalStateError('The first record always fits its batch.');
    queue.addLast(batch);
    this.#options.incomplete.add(batch);
    this.#appended(record, queue, batch);
    if (sticky !== null) this.#updateSticky(topic, queue, sticky, batch.sizeInBytes);
    this.senderIsNeeded = true;
    return future;
  }

  /** `allocatedBytes` 0: from outside the pool. */
  newBatch(topic: string, partition: number, allocatedBytes: number, writeLimit: number): ProducerBatch {
    const { codec, clock, buffers, trace } = this.#options;
    const builder = new RecordBatchBuilder({
      writeLimit,
      codec,
      estimatedCompressionRatio: this.#options.ratios.estimation(topic, codec.type),
      buffers,
    });
    const number = ++this.#batchesOpened;
    trace?.({
      stage: 'batch-opened',
      atMs: clock.now(),
      batch: number,
      topic,
      partition,
      allocatedBytes,
      writeLimit,
    });
    if (allocatedBytes > 0) traceMemory(this.#options);
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
  seal(batch: ProducerBatch): void {
    if (batch.closed || batch.recordCount === 0) return;
    batch.closeForAppends();
    const { codec } = this.#options;
    if (codec.id !== 0) {
      this.#options.ratios.updateEstimation(batch.topic, codec.type, batch.builder.compressionRatio);
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
    if (this.closed) throw new KafkaError('The producer was closed while the record was being sent.');
  }
}

export function traceMemory({
  trace,
  clock,
  pool,
}: Pick<RecordAppenderOptions, 'trace' | 'clock' | 'pool'>): void {
  trace?.({
    stage: 'memory',
    atMs: clock.now(),
    availableBytes: pool.availableMemory,
    waiting: pool.queued,
  });
}
