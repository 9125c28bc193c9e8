import { murmur2, toPositive } from '../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../src/producer/index';

/**
 * Sends all records with the same key to the same partition, and to the one that Java's producer would choose.
 */
export class KeyPartitioner implements Partitioner {
  /**
   * @param record `keyBytes` is the key as it goes on the wire, or null when the record has no key.
   * @param cluster what the producer knows of the topic: `cluster.partitionsForTopic(topic)`.
   * @returns a partition of `record.topic`, from 0.
   */
  partition(record: PartitionerRecord, cluster: Cluster): number {
    // @todo Return the partition that Kafka's own producer chooses for this key.
    // 1. A record without a key (null) cannot be placed by key: throw a TypeError whose message names the topic.
    //    An empty key (no bytes at all) is a key like any other.
    // 2. Hash the bytes of the key with `murmur2`, and make the hash positive the way Java does.
    // 3. Divide by the number of ALL partitions of the topic, whether they have a leader at the moment or not.
    if (record.keyBytes === null) {
      throw new TypeError(
        `A record for topic "${record.topic}" has no key: a KeyPartitioner places records by key only.`,
      );
    }
    // The bytes, not the key: equal bytes go to the same partition, whatever language the producer is written in.
    const hash = toPositive(murmur2(record.keyBytes));
    // Not availablePartitionsForTopic: while a leader is missing, the divisor would change, and most keys would move.
    return hash % cluster.partitionsForTopic(record.topic).length;
    // @end
  }
}
