import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// An arrow function as a property, and hashes remembered by the bytes of their key.
export class KeyPartitioner implements Partitioner {
  readonly #hashes = new Map<string, number>();

  partition = (record: PartitionerRecord, cluster: Cluster): number => {
    const { keyBytes, topic } = record;
    if (keyBytes === null) throw new TypeError(`There is no key in this record for ${topic}.`);
    const id = keyBytes.toString('latin1');
    const hash = this.#hashes.get(id) ?? toPositive(murmur2(keyBytes));
    this.#hashes.set(id, hash);
    return hash % cluster.partitionsForTopic(topic).length;
  };
}
