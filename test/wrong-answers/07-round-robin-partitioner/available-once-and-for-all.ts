// caught by: passes over partitions that have no leader, and takes all when none has one
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class RoundRobinPartitioner implements Partitioner {
  readonly #turns = new Map<string, { turn: number; partitions: readonly number[] }>();

  partition(record: PartitionerRecord, cluster: Cluster): number {
    let state = this.#turns.get(record.topic);
    if (state === undefined) {
      // Looked up for the first record only: a leader that goes away later is not noticed.
      const available = cluster.availablePartitionsForTopic(record.topic);
      const partitions = (available.length > 0 ? available : cluster.partitionsForTopic(record.topic)).map(
        ({ partition }) => partition,
      );
      state = { turn: 0, partitions };
      this.#turns.set(record.topic, state);
    }
    return state.partitions[state.turn++ % state.partitions.length]!;
  }
}
