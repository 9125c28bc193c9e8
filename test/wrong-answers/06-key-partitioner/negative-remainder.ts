// caught by: puts real records where Java would, as the log of the broker shows
import { murmur2 } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // The remainder of a negative number is negative: no partition has that number.
    if (record.keyBytes === null) throw new TypeError(`no key for topic ${record.topic}`);
    return murmur2(record.keyBytes) % cluster.partitionsForTopic(record.topic).length;
  }
}
