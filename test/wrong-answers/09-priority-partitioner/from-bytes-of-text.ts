// caught by: takes any value, and only an order can be HIGH
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class PriorityPartitioner implements Partitioner {
  constructor(private readonly random: () => number = Math.random) {}

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const value = record.value as { priority?: unknown } | null | undefined;
    // The word anywhere in the bytes, whatever it says there.
    if (record.valueBytes?.includes('HIGH')) return 0;
    const partitions = cluster.partitionsForTopic(record.topic).length;
    if (record.keyBytes === null) return Math.floor(this.random() * partitions);
    return toPositive(murmur2(record.keyBytes)) % partitions;
  }
}
