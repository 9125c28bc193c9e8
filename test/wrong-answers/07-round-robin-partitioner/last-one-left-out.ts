// caught by: spreads real records evenly, as the log of the broker shows
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class RoundRobinPartitioner implements Partitioner {
  readonly #turns = new Map<string, number>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const turn = this.#turns.get(record.topic) ?? 0;
    this.#turns.set(record.topic, turn + 1);
    const available = cluster.availablePartitionsForTopic(record.topic);
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(record.topic);
    // The last partition is never reached: the divisor is one too small.
    return candidates[turn % Math.max(1, candidates.length - 1)]!.partition;
  }
}
