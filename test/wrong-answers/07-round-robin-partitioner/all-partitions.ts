// caught by: passes over partitions that have no leader, and takes all when none has one
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class RoundRobinPartitioner implements Partitioner {
  readonly #turns = new Map<string, number>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const turn = this.#turns.get(record.topic) ?? 0;
    this.#turns.set(record.topic, turn + 1);
    // Also those without a leader: their records wait until delivery.timeout.ms is over.
    return turn % cluster.partitionsForTopic(record.topic).length;
  }
}
