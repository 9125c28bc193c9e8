import type { ResolvedConfigValues } from './producer-config-values';

/** A partition of a topic; `leader` is the broker's id, or -1 while there is none. */
export interface ClusterPartition {
  readonly partition: number;
  readonly leader: number;
}

/** What a partitioner may know of the cluster. Both lists are in partition order and must not be changed. */
export interface Cluster {
  /** All partitions; empty when the topic is not known. */
  partitionsForTopic(topic: string): readonly ClusterPartition[];
  /** Only the partitions that have a leader now. */
  availablePartitionsForTopic(topic: string): readonly ClusterPartition[];
}

export interface PartitionerRecord {
  readonly topic: string;
  readonly key: unknown;
  readonly keyBytes: Buffer | null;
  readonly value: unknown;
  readonly valueBytes: Buffer | null;
}

/**
 * Chooses a partition for each record that does not name one itself: `org.apache.kafka.clients.producer.Partitioner`.
 * A negative number, or one that is no partition of the topic, is an `IllegalArgumentError` of `send()`.
 */
export interface Partitioner {
  partition(record: PartitionerRecord, cluster: Cluster): number;
  /** Once, before the first record: every config name with its resolved value, the generated `client.id` included. */
  configure?(config: ResolvedConfigValues): void;
  close?(): void;
}
