import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// One question after the other, as functions, and the draw from the top down.
const isUrgent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Reflect.get(value, 'priority') === 'HIGH';

export class PriorityPartitioner implements Partitioner {
  readonly #draw: (below: number) => number;

  constructor(random: () => number = Math.random) {
    this.#draw = (below) => below - 1 - ((random() * below) | 0);
  }

  partition = (record: PartitionerRecord, cluster: Cluster): number => {
    const count = cluster.partitionsForTopic(record.topic).length;
    if (!isUrgent(record.value)) {
      const { keyBytes } = record;
      return keyBytes === null ? this.#draw(count) : toPositive(murmur2(keyBytes)) % count;
    }
    return 0;
  };
}
