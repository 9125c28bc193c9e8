// caught by: gives every partition its turn, whatever the keys
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class RoundRobinPartitioner implements Partitioner {
  readonly #turns = new Map<string, number>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const available = cluster.availablePartitionsForTopic(record.topic);
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(record.topic);
    // Round robin for records without a key only.
    if (record.keyBytes !== null)
      return candidates[toPositive(murmur2(record.keyBytes)) % candidates.length]!.partition;
    const turn = this.#turns.get(record.topic) ?? 0;
    this.#turns.set(record.topic, turn + 1);
    return candidates[turn % candidates.length]!.partition;
  }
}
