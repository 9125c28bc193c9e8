/**
 * What the producer needs of a connection to Kafka, and nothing more. `KafkaJsNetworkClient` carries it over kafkajs's
 * connections; `SimulatedNetworkClient` answers from a script, so that the sender can be stepped without a broker.
 *
 * Errors: a broker's answer, good or bad, is a value (`errorCode`). A promise rejects only with a `NetworkFailure`,
 * when there is no answer: the connection broke or the request timed out, and nobody knows what the broker did.
 */

/** Kafka's numbers for `acks`: all in-sync replicas, nobody, the leader. */
export type Acks = -1 | 0 | 1;

export interface BrokerNode {
  readonly id: number;
  readonly host: string;
  readonly port: number;
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
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly brokers: readonly BrokerNode[];
  readonly topics: readonly TopicMetadata[];
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
  readonly recordErrors: readonly RecordError[];
}

export interface ProduceResponse {
  /** One for each batch, in any order. */
  readonly partitions: readonly PartitionProduceResponse[];
  readonly throttleTimeMs: number;
}

export interface ProducerIdResponse {
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export interface NetworkClient {
  /** The cluster, and the given topics (none: only the brokers). Unknown topics come back with their error code. */
  fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata>;
  /**
   * A new producer id with epoch 0. Given the present id and epoch, a broker returns the same id with the next epoch (KIP-360),
   * but only to a producer with a transactional id; to any other it gives a new id, which is why Java's idempotent producer
   * raises its epoch by itself. Error 14 (COORDINATOR_LOAD_IN_PROGRESS) is usual on a broker that has just started: try again.
   */
  initProducerId(current?: { producerId: bigint; producerEpoch: number }): Promise<ProducerIdResponse>;
  /**
   * Sends at once; several requests to one node may be in flight, and are written in the order of the calls. acks=0 resolves
   * on write, with base offset -1 for every batch. A request that times out takes its connection with it, as in Java, so that
   * whatever else was in flight fails too. Once the promise has settled, nobody reads the batches' bytes any more.
   */
  produce(nodeId: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse>;
  /**
   * Whether a request to this node could be written now: connected, not throttled, and fewer than the allowed requests in
   * flight. Without a connection the question itself starts an attempt, unless the last one failed less than the backoff ago.
   */
  isReady(nodeId: number): boolean;
  /** Called whenever `isReady` may have become true, or the backoff after a failed attempt is over: ask again. One listener. */
  onReadyChange(listener: () => void): void;
  close(): Promise<void>;
}

/** No answer: the connection could not be made, broke, or the request timed out. Always worth a retry. */
export class NetworkFailure extends Error {
  override readonly name: string = 'NetworkFailure';
}

/** The broker refused the credentials. Trying again changes nothing until they are other ones. */
export class AuthenticationFailure extends NetworkFailure {
  override readonly name = 'AuthenticationFailure';
}
