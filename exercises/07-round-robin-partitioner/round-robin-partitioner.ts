import type { Cluster, Partitioner, PartitionerRecord } from '../../src/producer/index';

/**
 * Deals records out like cards: each partition of the topic in turn, whatever the key says.
 */
export class RoundRobinPartitioner implements Partitioner {
  // TODO: Return the partition whose turn it is.
  // 1. Each topic has its own turn: records for one topic must not move the turn of another.
  // 2. Only partitions that have a leader now take part: cluster.availablePartitionsForTopic(record.topic).
  //    While none has a leader, all take part: cluster.partitionsForTopic(record.topic).
  // 3. Ignore keys. You may choose where the first turn starts. Add the fields that you need.
  partition(record: PartitionerRecord, cluster: Cluster): number {
    throw new Error('not started yet');
  }
}
