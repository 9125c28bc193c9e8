// caught by: refuses a record without a key, and takes an empty key
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // An error, but not one that tells which topic.
    if (record.keyBytes === null) throw new TypeError('no key');
    return toPositive(murmur2(record.keyBytes)) % cluster.partitionsForTopic(record.topic).length;
  }
}
