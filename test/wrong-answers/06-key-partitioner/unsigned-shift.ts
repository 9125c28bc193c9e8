// caught by: places every key where Java places it
import { murmur2 } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // The hash read as an unsigned number: JavaScript's own way to make it positive, and not Java's.
    if (record.keyBytes === null) throw new TypeError(`no key for topic ${record.topic}`);
    return (murmur2(record.keyBytes) >>> 0) % cluster.partitionsForTopic(record.topic).length;
  }
}
