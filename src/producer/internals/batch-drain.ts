import type { AccumulatorQueues } from './accumulator-queues';
import type { Idempotence } from './idempotence';
import type { ProducerMetadata } from './metadata';
import type { ProducerBatch } from './producer-batch';
import { isBackingOff } from './accumulator-readiness';

export interface BatchDrainOptions {
  readonly queues: AccumulatorQueues;
  readonly metadata: ProducerMetadata;
  readonly idempotence: Idempotence | null;
  /** Closes the batch for appends and compresses it: its size is exact afterwards. */
  readonly seal: (batch: ProducerBatch, nowMs: number) => void;
  /** Gives the batch its sequence. Only for a batch that is sent now. */
  readonly prepare: (batch: ProducerBatch, nowMs: number) => void;
}

/** Takes batches out of the queues for one request to one node. */
export class BatchDrain {
  readonly #options: BatchDrainOptions;
  /** By node: the place in its list of partitions where the next request begins. */
  readonly #drainIndex = new Map<number, number>();

  constructor(options: BatchDrainOptions) {
    this.#options = options;
  }

  takeFor(node: number, maxSize: number, nowMs: number): ProducerBatch[] {
    const partitions = this.#options.metadata.partitionsOfNode(node);
    const batches: ProducerBatch[] = [];
    let size = 0;
    // Begin where the last request stopped for want of room: otherwise the first partitions would starve the last.
    const start = (this.#drainIndex.get(node) ?? 0) % Math.max(partitions.length, 1);
    for (let step = 0; step < partitions.length; step++) {
      const index = (start + step) % partitions.length;
      this.#drainIndex.set(node, index);
      const { topic, partition, leaderEpoch } = partitions[index]!;
      const queue = this.#options.queues.find(topic, partition);
      const first = queue?.first;
      if (queue === undefined || first === undefined || queue.muted) continue;
      first.updateLeaderEpoch(leaderEpoch);
      if (isBackingOff(first, nowMs)) continue;
      // Java gives up the whole node here; one partition that has to wait is no reason to hold the others back.
      if (this.#options.idempotence?.maySend(first, nowMs) === false) continue;
      // Before its size is added up: a small batch may grow when it is compressed.
      this.#options.seal(first, nowMs);
      // A single batch larger than the limit goes alone: it will never get smaller by waiting (E-14).
      if (size + first.sizeInBytes > maxSize && batches.length > 0) break;
      queue.takeFirst();
      this.#options.prepare(first, nowMs);
      size += first.sizeInBytes;
      batches.push(first);
    }
    return batches;
  }
}
