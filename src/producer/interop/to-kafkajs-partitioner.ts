import { IllegalArgumentError } from '../../protocol/errors';
import type { Cluster, ClusterPartition, Partitioner } from '../partitioner';
import type { ResolvedConfigValues } from '../producer-config-values';

/** As kafkajs hands them to a partitioner; see its `ICustomPartitioner`. */
export interface KafkaJsPartitionerArgs {
  readonly topic: string;
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  readonly message: {
    readonly key?: Buffer | string | null;
    readonly value: Buffer | string | null;
    readonly partition?: number;
  };
}

export type KafkaJsCreatePartitioner = () => (args: KafkaJsPartitionerArgs) => number;

interface TopicPartitions {
  readonly all: readonly ClusterPartition[];
  readonly available: readonly ClusterPartition[];
}

/**
 * The same partitioner, unchanged, in kafkajs's own producer: `kafka.producer({ createPartitioner: toKafkaJsPartitioner(p) })`.
 * Each kafkajs producer takes the one instance. A partition that the message names wins, as everywhere. Since kafkajs
 * serializes nothing, `key` and `value` are what the message has, and texts become UTF-8.
 *
 * @param config what the partitioner's `configure` gets, when it has one and is to be configured
 */
export function toKafkaJsPartitioner(
  partitioner: Partitioner,
  config?: ResolvedConfigValues,
): KafkaJsCreatePartitioner {
  if (config !== undefined) partitioner.configure?.(config);
  return () => {
    const known = new WeakMap<object, TopicPartitions>();
    return ({ topic, partitionMetadata, message }) => {
      if (message.partition !== undefined && message.partition !== null) return message.partition;
      let partitions = known.get(partitionMetadata);
      if (partitions === undefined)
        known.set(partitionMetadata, (partitions = partitionsOf(partitionMetadata)));
      const { key = null, value } = message;
      const record = { topic, key, value, keyBytes: bytesOf(key), valueBytes: bytesOf(value) };
      const partition = partitioner.partition(record, clusterOf(topic, partitions));
      // kafkajs would make a list of its own for any number, and fail later with another error.
      if (!partitions.all.some((candidate) => candidate.partition === partition)) {
        throw new IllegalArgumentError(
          `The partitioner chose ${partition} for a record of topic ${topic}, which has the partitions 0 to ${partitions.all.length - 1}.`,
        );
      }
      return partition;
    };
  };
}

function partitionsOf(partitionMetadata: KafkaJsPartitionerArgs['partitionMetadata']): TopicPartitions {
  const all = partitionMetadata
    .map(({ partitionId, leader }) => ({ partition: partitionId, leader }))
    .sort((a, b) => a.partition - b.partition);
  return { all, available: all.filter(({ leader }) => leader >= 0) };
}

function clusterOf(topic: string, { all, available }: TopicPartitions): Cluster {
  return {
    partitionsForTopic: (asked) => (asked === topic ? all : []),
    availablePartitionsForTopic: (asked) => (asked === topic ? available : []),
  };
}

function bytesOf(data: Buffer | string | null | undefined): Buffer | null {
  if (data === null || data === undefined) return null;
  return typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
}
