import type { Cluster, Partitioner, PartitionerRecord } from '../../src/producer/index';

/**
 * Deals records out like cards: each partition of the topic in turn, whatever the key says.
 */
export class RoundRobinPartitioner implements Partitioner {
  // @todo Return the partition whose turn it is.
  // 1. Each topic has a turn of its own: what goes to one topic must not move the turn of another.
  // 2. Only partitions that have a leader now take part: cluster.availablePartitionsForTopic(record.topic).
  //    While none has one, all take part: cluster.partitionsForTopic(record.topic).
  // 3. Keys do not matter here. Where the first turn starts is up to you. Add the fields that you need.
  // @stub partition(record: PartitionerRecord, cluster: Cluster): number {
  // @stub   throw new Error('not started yet');
  // @stub }
  readonly #turns = new Map<string, number>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const turn = this.#turns.get(record.topic) ?? 0;
    this.#turns.set(record.topic, turn + 1);
    // Asked for every record, never remembered: a leader can go away between two records.
    const available = cluster.availablePartitionsForTopic(record.topic);
    // Nothing can be delivered right now, but the record may wait in its batch until a leader is back.
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(record.topic);
    // The place in the list is not the number of the partition: with 0 and 2 gone, candidates[0] is partition 1.
    return candidates[turn % candidates.length]!.partition;
  }
  // @end
}
