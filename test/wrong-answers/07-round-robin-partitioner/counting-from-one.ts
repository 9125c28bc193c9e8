// caught by: gives every partition its turn, whatever the keys
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class RoundRobinPartitioner implements Partitioner {
  readonly #turns = new Map<string, number>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    // Partitions 1 to n: the topic's are 0 to n - 1.
    const turn = this.#turns.get(record.topic) ?? 0;
    this.#turns.set(record.topic, turn + 1);
    return (turn % cluster.partitionsForTopic(record.topic).length) + 1;
  }
}
