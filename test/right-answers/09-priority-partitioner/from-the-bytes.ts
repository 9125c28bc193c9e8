import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// Reads the priority from the bytes that go on the wire, and takes what is no JSON for no order.
export class PriorityPartitioner implements Partitioner {
  private readonly random: () => number;

  constructor(random = Math.random) {
    this.random = random;
  }

  partition({ topic, keyBytes, valueBytes }: PartitionerRecord, cluster: Cluster): number {
    const all = cluster.partitionsForTopic(topic);
    if (this.priorityIn(valueBytes) === 'HIGH') return 0;
    if (!keyBytes) return all[Math.trunc(this.random() * all.length)]!.partition;
    return toPositive(murmur2(keyBytes)) % all.length;
  }

  private priorityIn(bytes: Buffer | null): unknown {
    try {
      const value: unknown = JSON.parse(bytes?.toString() ?? 'null');
      return value !== null && typeof value === 'object' && 'priority' in value ? value.priority : undefined;
    } catch {
      return undefined;
    }
  }
}
