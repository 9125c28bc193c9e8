// caught by: places all other orders by their key
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class PriorityPartitioner implements Partitioner {
  constructor(private readonly random: () => number = Math.random) {}

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const value = record.value as { priority?: unknown } | null | undefined;
    if (value?.priority === 'HIGH') return 0;
    const partitions = cluster.partitionsForTopic(record.topic).length;
    if (record.keyBytes === null) return Math.floor(this.random() * partitions);
    // Keeps partition 0 for urgent orders only: customers move, and meet no other producer's orders.
    return 1 + (toPositive(murmur2(record.keyBytes)) % (partitions - 1));
  }
}
