import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// As KIP-480 did: draws again until another partition comes up, where there is another.
export class StickyPartitioner implements Partitioner {
  readonly #random: () => number;
  readonly #partitions = new Map<string, number>();
  readonly #bytes = new Map<string, number>();
  #limit = 1;

  constructor(random = Math.random) {
    this.#random = random;
  }

  configure = (config: Readonly<Record<string, unknown>>): void => {
    this.#limit = config['batch.size'] as number;
  };

  partition = ({ topic, keyBytes, valueBytes }: PartitionerRecord, cluster: Cluster): number => {
    if (keyBytes !== null) return toPositive(murmur2(keyBytes)) % cluster.partitionsForTopic(topic).length;
    const available = cluster.availablePartitionsForTopic(topic).map(({ partition }) => partition);
    const before = this.#partitions.get(topic);
    let now = before;
    const full = (this.#bytes.get(topic) ?? 0) >= this.#limit;
    if (now === undefined || full || !available.includes(now)) {
      do now = available[(this.#random() * available.length) | 0]!;
      while (now === before && available.length > 1);
      this.#partitions.set(topic, now);
      this.#bytes.set(topic, 0);
    }
    this.#bytes.set(topic, this.#bytes.get(topic)! + (valueBytes ? valueBytes.length : 0));
    return now;
  };
}
