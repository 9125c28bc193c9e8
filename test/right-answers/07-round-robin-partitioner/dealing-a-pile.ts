import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// A pile of partitions for each topic, dealt from the top; a new pile whenever it is empty or the leaders have changed.
export class RoundRobinPartitioner implements Partitioner {
  readonly #piles = new Map<string, { leaders: string; pile: number[] }>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const available = cluster.availablePartitionsForTopic(record.topic);
    const from = available.length > 0 ? available : cluster.partitionsForTopic(record.topic);
    const numbers = from.map(({ partition }) => partition);
    const leaders = numbers.join();
    let state = this.#piles.get(record.topic);
    if (state?.leaders !== leaders || state.pile.length === 0) {
      state = { leaders, pile: [...numbers] };
      this.#piles.set(record.topic, state);
    }
    return state.pile.shift()!;
  }
}
