// caught by: keeps a turn for each topic
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class RoundRobinPartitioner implements Partitioner {
  // One counter for every topic: each topic skips the turns that the others took.
  #turn = 0;

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const available = cluster.availablePartitionsForTopic(record.topic);
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(record.topic);
    return candidates[this.#turn++ % candidates.length]!.partition;
  }
}
