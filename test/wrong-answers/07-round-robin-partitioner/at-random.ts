// caught by: gives every partition its turn, whatever the keys
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class RoundRobinPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // Even in the long run, but nobody waits for a turn.
    const available = cluster.availablePartitionsForTopic(record.topic);
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(record.topic);
    return candidates[Math.floor(Math.random() * candidates.length)]!.partition;
  }
}
