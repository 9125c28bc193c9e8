// caught by: counts all partitions, also those that have no leader
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // Only partitions with a leader: every key moves when a broker goes away.
    if (record.keyBytes === null) throw new TypeError(`no key for topic ${record.topic}`);
    const available = cluster.availablePartitionsForTopic(record.topic);
    return available[toPositive(murmur2(record.keyBytes)) % available.length]!.partition;
  }
}
