// caught by: puts every HIGH order into partition 0, with a key or without
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class PriorityPartitioner implements Partitioner {
  constructor(private readonly random: () => number = Math.random) {}

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const value = record.value as { priority?: unknown } | null | undefined;
    // Orders of guests are never urgent.
    if (value?.priority === 'HIGH' && record.keyBytes !== null) return 0;
    const partitions = cluster.partitionsForTopic(record.topic).length;
    if (record.keyBytes === null) return Math.floor(this.random() * partitions);
    return toPositive(murmur2(record.keyBytes)) % partitions;
  }
}
