// caught by: spreads orders without a key over all partitions, at random
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class PriorityPartitioner implements Partitioner {
  constructor(private readonly random: () => number = Math.random) {}

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const value = record.value as { priority?: unknown } | null | undefined;
    if (value?.priority === 'HIGH') return 0;
    const partitions = cluster.partitionsForTopic(record.topic).length;
    // Keeps partition 0 for urgent orders only, which nobody asked for.
    if (record.keyBytes === null) return 1 + Math.floor(this.random() * (partitions - 1));
    return toPositive(murmur2(record.keyBytes)) % partitions;
  }
}
