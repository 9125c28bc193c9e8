// caught by: refuses a record without a key, and takes an empty key
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // No key becomes partition 0, which then gets all records without one.
    if (record.keyBytes === null) return 0;
    return toPositive(murmur2(record.keyBytes)) % cluster.partitionsForTopic(record.topic).length;
  }
}
