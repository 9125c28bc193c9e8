import type { Codec } from '../../protocol/compression';
import type { CompressionRatioEstimator } from '../../protocol/compression-ratio-estimator';
import type { AppendBuffers } from '../../protocol/append-buffers';
import { BufferExhaustedError, IllegalStateError, KafkaError, TimeoutError } from '../../protocol/errors';
import { RecordBatchBuilder } from '../../protocol/record-batch-builder';
import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import type { MemoryPool } from '../producer-parts';
import type { AccumulatorQueues, TopicQueues } from './accumulator-queues';
import { BufferPool } from './buffer-pool';
import type { StickyPartition } from './built-in-partitioner';
import type { FutureRecordMetadata } from './future-record-metadata';
import type { IncompleteBatches } from './incomplete-batches';
import type { ProducerMetadata } from './metadata';
import type { ProducerMetrics } from './metrics';
import type { AppendWaiter, PartitionQueue } from './partition-queue';
import { ProducerBatch } from './producer-batch';
import type { PendingRecord } from './producer-batch';

/** The built-in partitioner decides, when the record is appended. */
export const UNKNOWN_PARTITION = -1;

/** How long a pool from outside may take beyond max.block.ms to say that it has no memory. */
const POOL_OVERDUE_MS = 1000;

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
  /** A batch of this topic is new or full: the sender should look at it soon (E-34). Called during the append. */
  readonly onSenderNeeded: (topic: string) => void;
}

/**
 * The way of a record into a batch: the last one of its partition if it fits, else a new one once there is memory for it.
 *
 * What must stay true: the records of one partition are appended in the order of send(). The pool serves a newcomer past its
 * waiters (D-11), so only the first waiter of each partition asks it for memory; the others stand behind that one.
 */
export class RecordAppender {
  closed = false;
  readonly #options: RecordAppenderOptions;
  readonly #builtInPool: BufferPool | null;
  #batchesOpened = 0;
  #waiting = 0;

  constructor(options: RecordAppenderOptions) {
    this.#options = options;
    this.#builtInPool = options.pool instanceof BufferPool ? options.pool : null;
  }

  /** How many records wait for memory. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Appends without waiting; null when memory has to be waited for, with `appendWhenMemory()`. */
  append(record: PendingRecord): FutureRecordMetadata | null {
    this.#throwIfClosed();
    const topic = this.#options.queues.topic(record.topic);
    const sticky = record.partition === UNKNOWN_PARTITION ? this.#sticky(topic) : null;
    const queue = this.#options.queues.queue(topic, sticky === null ? record.partition : sticky.partition);
    if (queue.waiters.length > 0) return null;
    const future = this.#tryAppend(record, topic, queue, sticky);
    if (future !== null) return future;
    if (sticky !== null && this.#movesOn(topic, queue, sticky)) return this.append(record);
    return this.#appendWithFreeMemory(record, topic, queue, sticky);
  }

  /**
   * As `append`, waiting for memory at most `maxBlockMs`. The record's partition is chosen now, so that later records of that
   * partition know to wait behind it. The record's bytes must stay as they are until then.
   */
  appendWhenMemory(record: PendingRecord, maxBlockMs: number): Promise<FutureRecordMetadata> {
    const { queues, clock, metrics, trace } = this.#options;
    const topic = queues.topic(record.topic);
    const isSticky = record.partition === UNKNOWN_PARTITION;
    const queue = queues.queue(topic, isSticky ? this.#sticky(topic).partition : record.partition);
    const startedMs = clock.now();
    trace?.({ stage: 'waiting', atMs: startedMs, record: record.number, topic: record.topic, for: 'memory' });
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void) => {
        if (waiter.hasLeft) return;
        waiter.hasLeft = true;
        cancel();
        queue.waiters.remove(waiter);
        this.#waiting--;
        metrics.recordBufferWait(clock.now() - startedMs);
        settle();
      };
      const waiter: AppendWaiter = {
        record,
        isSticky,
        deadlineMs: startedMs + maxBlockMs,
        isAtPool: false,
        hasLeft: false,
        succeed: (future) => leave(() => resolve(future)),
        fail: (error) => leave(() => reject(error instanceof Error ? error : new KafkaError(String(error)))),
      };
      queue.waiters.add(waiter);
      this.#waiting++;
      let cancel = clock.after(maxBlockMs, () => {
        if (!waiter.isAtPool) return this.#timeOut(waiter, maxBlockMs);
        // The pool times out the waiter that asked it. This is for a pool from outside that forgets to.
        cancel = clock.after(POOL_OVERDUE_MS, () => this.#timeOut(waiter, maxBlockMs));
      });
      this.#serve(topic, queue);
    });
  }

  /** Rejects all waiters. */
  close(): void {
    this.closed = true;
    for (const queue of this.#options.queues.all()) {
      for (const waiter of queue.waiters.takeAll()) waiter.fail(closedError());
    }
  }

  /** Appends the waiters of a partition, in order, until one of them has to wait for the pool. */
  #serve(topic: TopicQueues, queue: PartitionQueue): void {
    for (let waiter = queue.waiters.first; waiter !== undefined; waiter = queue.waiters.first) {
      if (waiter.isAtPool) return;
      try {
        const sticky = this.#stickyOf(waiter, topic, queue);
        const future =
          this.#tryAppend(waiter.record, topic, queue, sticky) ??
          this.#appendWithFreeMemory(waiter.record, topic, queue, sticky);
        if (future === null) {
          waiter.isAtPool = true;
          void this.#appendWithMemoryOfPool(waiter, topic, queue);
          return;
        }
        waiter.succeed(future);
      } catch (error) {
        waiter.fail(error);
      }
    }
  }

  /** Never rejects. */
  async #appendWithMemoryOfPool(
    waiter: AppendWaiter,
    topic: TopicQueues,
    queue: PartitionQueue,
  ): Promise<void> {
    const { clock, pool } = this.#options;
    const size = this.#allocationSize(waiter.record);
    try {
      await this.#allocate(size, Math.max(0, waiter.deadlineMs - clock.now()));
      let isUsed = false;
      try {
        if (waiter.hasLeft) return;
        const sticky = this.#stickyOf(waiter, topic, queue);
        let future = this.#tryAppend(waiter.record, topic, queue, sticky);
        if (future === null) {
          future = this.#appendToNewBatch(waiter.record, topic, queue, sticky, size);
          isUsed = true;
        }
        waiter.succeed(future);
      } finally {
        if (!isUsed) pool.deallocate(size);
      }
    } catch (error) {
      waiter.fail(error);
    } finally {
      this.#serve(topic, queue);
    }
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
    if (last.isFull) this.#options.onSenderNeeded(topic.topic);
    return future;
  }

  /** Only the built-in pool can say at once whether there is memory. */
  #appendWithFreeMemory(
    record: PendingRecord,
    topic: TopicQueues,
    queue: PartitionQueue,
    sticky: StickyPartition | null,
  ): FutureRecordMetadata | null {
    const size = this.#allocationSize(record);
    if (this.#builtInPool === null || !this.#builtInPool.tryAllocate(size)) return null;
    try {
      return this.#appendToNewBatch(record, topic, queue, sticky, size);
    } catch (error) {
      this.#builtInPool.deallocate(size);
      throw error;
    }
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
    this.#options.onSenderNeeded(topic.topic);
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
    if (trace !== null) {
      const opened = { batch: number, topic, partition, allocatedBytes, writeLimit };
      trace({ stage: 'batch-opened', atMs: clock.now(), ...opened });
      if (allocatedBytes > 0) this.traceMemory();
    }
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

  /** What a waiter's bytes count towards: null unless the built-in partitioner is still at the waiter's partition. */
  #stickyOf({ isSticky }: AppendWaiter, topic: TopicQueues, queue: PartitionQueue): StickyPartition | null {
    if (!isSticky) return null;
    const sticky = topic.partitioner.current(this.#options.metadata.cluster);
    return sticky.partition === queue.partition ? sticky : null;
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

  #timeOut(waiter: AppendWaiter, maxBlockMs: number): void {
    this.#options.metrics.recordBufferExhausted();
    waiter.fail(
      new BufferExhaustedError(
        `buffer.memory is full: a record for topic ${waiter.record.topic} got no memory within ${maxBlockMs} ms ` +
          '(max.block.ms), like the records of its partition before it. Records are produced faster than they can be sent.',
      ),
    );
  }

  #allocationSize(record: PendingRecord): number {
    return Math.max(this.#options.batchSize, record.sizeUpperBound);
  }

  #throwIfClosed(): void {
    if (this.closed) throw closedError();
  }

  /** `buffer.memory` as it is now. */
  traceMemory(): void {
    const { trace, clock, pool } = this.#options;
    trace?.({
      stage: 'memory',
      atMs: clock.now(),
      availableBytes: pool.availableMemory,
      waiting: this.#waiting,
    });
  }
}

function closedError(): KafkaError {
  return new KafkaError('The producer was closed before the record was in a batch: it was not written.');
}
