import type { Cluster } from '../partitioner';

/**
 * History, for comparison: the sticky rule of KIP-480 (Kafka 2.4 to 3.2). A topic's keyless records stay with one
 * partition until a batch of it is done, whatever went into it. Gone from Kafka 4; see BuiltInPartitioner for why.
 */
export class StickyPartitionCache {
  readonly #current = new Map<string, number>();

  /** @param random in [0, 1), as Math.random */
  constructor(private readonly random: () => number = Math.random) {}

  partition(topic: string, cluster: Cluster): number {
    return this.#current.get(topic) ?? this.nextPartition(topic, cluster, -1);
  }

  /**
   * The partition after `previous`, whose batch is done. Only the first caller with that news moves on: if the topic has
   * left `previous` already, the answer is where it went.
   */
  nextPartition(topic: string, cluster: Cluster, previous: number): number {
    const current = this.#current.get(topic);
    if (current !== undefined && current !== previous) return current;

    const available = cluster.availablePartitionsForTopic(topic);
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(topic);
    const others = candidates.filter(({ partition }) => partition !== current);
    const choice = others.length > 0 ? others : candidates;
    const next = choice[Math.floor(this.random() * choice.length)]!.partition;
    this.#current.set(topic, next);
    return next;
  }
}
