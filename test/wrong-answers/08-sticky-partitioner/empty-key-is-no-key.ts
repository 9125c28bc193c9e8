// caught by: places records with a key by their key, and does not count them
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
    // Zero bytes are a key too.
    if (keyBytes?.length) return toPositive(murmur2(keyBytes)) % cluster.partitionsForTopic(topic).length;
    const available = cluster.availablePartitionsForTopic(topic);
    let present = this.#present.get(topic);
    const stays =
      present !== undefined &&
      present.bytes < this.#batchSize &&
      available.some(({ partition }) => partition === present!.partition);
    if (!stays) {
      const drawn = available[Math.floor(this.random() * available.length)]!;
      present = { partition: drawn.partition, bytes: 0 };
      this.#present.set(topic, present);
    }
    present!.bytes += valueBytes?.length ?? 0;
    return present!.partition;
  }
}
