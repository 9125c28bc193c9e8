import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// Draws by ordering the available partitions at random and taking the first.
export class StickyPartitioner implements Partitioner {
  #batchSize = 0;
  readonly #topics = new Map<string, { partition: number; sent: number }>();

  constructor(private readonly random = Math.random) {}

  configure({ 'batch.size': batchSize }: { readonly 'batch.size'?: unknown }): void {
    this.#batchSize = batchSize as number;
  }

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const { topic, keyBytes } = record;
    if (keyBytes !== null) return toPositive(murmur2(keyBytes)) % cluster.partitionsForTopic(topic).length;
    const available = new Set(cluster.availablePartitionsForTopic(topic).map(({ partition }) => partition));
    const present = this.#topics.get(topic);
    const size = (record.valueBytes ?? []).length;
    if (present && available.has(present.partition) && present.sent < this.#batchSize) {
      present.sent += size;
      return present.partition;
    }
    const [partition] = [...available]
      .map((one) => [this.random(), one] as const)
      .sort(([a], [b]) => a - b)[0]!
      .slice(1);
    this.#topics.set(topic, { partition: partition!, sent: size });
    return partition!;
  }
}
