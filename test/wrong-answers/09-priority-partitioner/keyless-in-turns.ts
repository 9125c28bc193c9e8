// caught by: spreads orders without a key over all partitions, at random
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class PriorityPartitioner implements Partitioner {
  #turn = 0;

  constructor(private readonly random: () => number = Math.random) {}

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const value = record.value as { priority?: unknown } | null | undefined;
    if (value?.priority === 'HIGH') return 0;
    const partitions = cluster.partitionsForTopic(record.topic).length;
    // Even, but in turns: each producer of a fleet starts at the same partition.
    if (record.keyBytes === null) return this.#turn++ % partitions;
    return toPositive(murmur2(record.keyBytes)) % partitions;
  }
}
