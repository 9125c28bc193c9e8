// caught by: leaves a partition that has lost its leader, and begins to count again
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class StickyPartitioner implements Partitioner {
  constructor(private readonly random: () => number = Math.random) {}

  #batchSize = 16_384;
  readonly #present = new Map<string, { partition: number; bytes: number }>();

  configure(config: Readonly<Record<string, unknown>>): void {
    this.#batchSize = config['batch.size'] as number;
  }

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const { topic, keyBytes, valueBytes } = record;
    if (keyBytes !== null) return toPositive(murmur2(keyBytes)) % cluster.partitionsForTopic(topic).length;
    const available = cluster.availablePartitionsForTopic(topic);
    let present = this.#present.get(topic);
    const stays =
      present !== undefined &&
      present.bytes < this.#batchSize &&
      available.some(({ partition }) => partition === present!.partition);
    if (!stays) {
      const drawn = available[Math.floor(this.random() * available.length)]!;
      // What went to the partition that was left still counts, unless its batch was full.
      const carried = present === undefined || present.bytes >= this.#batchSize ? 0 : present.bytes;
      present = { partition: drawn.partition, bytes: carried };
      this.#present.set(topic, present);
    }
    present!.bytes += valueBytes?.length ?? 0;
    return present!.partition;
  }
}
