// caught by: places every key where Java places it
import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

export class KeyPartitioner implements Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // The key as text: fine for most keys, wrong for one that is not UTF-8.
    if (record.keyBytes === null) throw new TypeError(`no key for topic ${record.topic}`);
    const text = Buffer.from(String(record.key));
    return toPositive(murmur2(text)) % cluster.partitionsForTopic(record.topic).length;
  }
}
