import type { Cluster, Partitioner, PartitionerRecord } from '../../src/producer/index';

/**
 * Deals records out like cards: each partition of the topic in turn, whatever the key says.
 */
export class RoundRobinPartitioner implements Partitioner {
  // @todo Return the partition whose turn it is.
  // 1. Each topic has its own turn: records for one topic must not move the turn of another.
  // 2. Only partitions that have a leader now take part: cluster.availablePartitionsForTopic(record.topic).
  //    While none has a leader, all take part: cluster.partitionsForTopic(record.topic).
  // 3. Ignore keys. You may choose where the first turn starts. Add the fields that you need.
  // @stub partition(record: PartitionerRecord, cluster: Cluster): number {
  // @stub   throw new Error('not started yet');
  // @stub }
  readonly #turns = new Map<string, number>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const turn = this.#turns.get(record.topic) ?? 0;
    this.#turns.set(record.topic, turn + 1);
    // Looked up for every record, never kept: a partition can lose its leader between two records.
    const available = cluster.availablePartitionsForTopic(record.topic);
    // Nothing can be delivered right now, but the record can wait in its batch until there is a leader.
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(record.topic);
    // An index in the list is not the number of a partition: without 0 and 2, candidates[0] is partition 1.
    return candidates[turn % candidates.length]!.partition;
  }
  // @end
}
