// caught by: refuses a record without a key, and takes an empty key
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // An empty key taken for none.
    if (!record.keyBytes || record.keyBytes.length === 0)
      throw new TypeError(`no key for topic ${record.topic}`);
    return toPositive(murmur2(record.keyBytes)) % cluster.partitionsForTopic(record.topic).length;
  }
}
