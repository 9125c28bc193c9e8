import { murmur2 } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// The sign bit cleared by hand, one expression for each step.
export class KeyPartitioner implements Partitioner {
  partition({ topic, keyBytes }: PartitionerRecord, cluster: Cluster): number {
    if (!keyBytes) throw new TypeError(`topic ${topic}: a key is needed`);
    const partitions = cluster.partitionsForTopic(topic).length;
    const withoutSign = murmur2(keyBytes) & 0x7fffffff;
    return withoutSign - Math.floor(withoutSign / partitions) * partitions;
  }
}
