// caught by: places every key where Java places it
import { murmur2 } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // The absolute value instead of clearing the sign bit.
    if (record.keyBytes === null) throw new TypeError(`no key for topic ${record.topic}`);
    return Math.abs(murmur2(record.keyBytes)) % cluster.partitionsForTopic(record.topic).length;
  }
}
