// caught by: parts urgent orders from the others, as the log of the broker shows
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class PriorityPartitioner implements Partitioner {
  constructor(private readonly random: () => number = Math.random) {}

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const value = record.value as { priority?: unknown } | null | undefined;
    if (value?.priority === 'HIGH') return 0;
    const partitions = cluster.partitionsForTopic(record.topic).length;
    // Guests wait with the urgent orders, and these wait for the guests.
    if (record.keyBytes === null) return 0;
    return toPositive(murmur2(record.keyBytes)) % partitions;
  }
}
