/** What the producer's requests and their responses carry, free of how it is written on the wire (requests.ts). */

/** Kafka's numbers for `acks`: all in-sync replicas, nobody, the leader. */
export type Acks = -1 | 0 | 1;

export interface BrokerNode {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** A broker as a Produce response names it, beside a partition's current leader (KIP-951). */
export interface NodeEndpoint extends BrokerNode {
  readonly rack: string | null;
}

export interface PartitionMetadata {
  readonly partition: number;
  /** Broker id of the leader, or -1 while there is none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
}

export interface TopicMetadata {
  readonly topic: string;
  /** Kafka's error code for this topic: 0, or for example 3 (UNKNOWN_TOPIC_OR_PARTITION), 17 (INVALID_TOPIC_EXCEPTION). */
  readonly errorCode: number;
  /**
   * Changes when a topic is deleted and created again under the same name (KIP-516). 22 characters, as Kafka's tools print it;
   * null for a topic that the broker does not have.
   */
  readonly topicId?: string | null;
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly brokers: readonly BrokerNode[];
  readonly topics: readonly TopicMetadata[];
  /** How long the broker asks this client to wait before its next request (KIP-219). The network client does so by itself. */
  readonly throttleTimeMs?: number;
}

export interface ProduceBatch {
  readonly topic: string;
  readonly partition: number;
  /** One whole record batch, version 2, header and checksum included: exactly the bytes that go out. */
  readonly bytes: Buffer;
}

export interface ProduceRequest {
  readonly acks: Acks;
  /** How long the broker may wait for its in-sync replicas. */
  readonly timeoutMs: number;
  /** At most one batch per partition, as in Java. */
  readonly batches: readonly ProduceBatch[];
}

export interface RecordError {
  readonly batchIndex: number;
  readonly message: string | null;
}

export interface PartitionProduceResponse {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** Offset of the first record, or -1n when the broker did not say. */
  readonly baseOffset: bigint;
  /** Milliseconds, or -1 when the topic keeps the producer's timestamps. */
  readonly logAppendTimeMs: number;
  /** Offset of the first record that is still in the log, or -1n when the broker did not say. */
  readonly logStartOffset?: bigint;
  readonly recordErrors: readonly RecordError[];
  /** With NOT_LEADER_OR_FOLLOWER: who leads the partition now, if the broker knows (KIP-951). */
  readonly currentLeader?: CurrentLeader | null;
}

export interface CurrentLeader {
  readonly leader: number;
  readonly leaderEpoch: number;
}

export interface ProduceResponse {
  /** One for each batch, in any order. */
  readonly partitions: readonly PartitionProduceResponse[];
  readonly throttleTimeMs: number;
  /** The addresses of the brokers that `currentLeader` names. The network client can connect to them from now on. */
  readonly nodeEndpoints?: readonly NodeEndpoint[];
}

export interface ProducerIdResponse {
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly throttleTimeMs?: number;
}
