// caught by: places every key where Java places it
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';
export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // A different hash, though an even one.
    if (record.keyBytes === null) throw new TypeError(`no key for topic ${record.topic}`);
    let hash = 0;
    for (const byte of record.keyBytes) hash = (hash * 31 + byte) | 0;
    return (hash & 0x7fffffff) % cluster.partitionsForTopic(record.topic).length;
  }
}
