// caught by: passes over partitions that have no leader, and takes all when none has one
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class RoundRobinPartitioner implements Partitioner {
  readonly #turns = new Map<string, number>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const turn = this.#turns.get(record.topic) ?? 0;
    this.#turns.set(record.topic, turn + 1);
    // The place in the list of available partitions, taken for the number of a partition.
    const count = cluster.availablePartitionsForTopic(record.topic).length;
    return turn % (count || cluster.partitionsForTopic(record.topic).length);
  }
}
