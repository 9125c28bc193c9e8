import type { NetworkClient } from '../network/network-client';
import type { Header } from '../protocol/header';
import type { Clock } from '../support/clock';
import type { ClusterTraceEvent } from '../trace/trace-event';
import type { FaultHook, RequestKind } from './simulated-request';

export interface SimulatedTopicOptions {
  readonly name: string;
  readonly partitions: number;
  /** Default: every broker, three at most. */
  readonly replicationFactor?: number;
  /** Topic configs by their dotted names, with Kafka's defaults. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface SimulatedClusterOptions {
  readonly clock: Clock;
  /** From 0 to below 1. Default: 0.5 always. */
  readonly random?: () => number;
  /** How many; their ids are 1, 2, … Default 1. */
  readonly brokers?: number;
  readonly topics?: readonly SimulatedTopicOptions[];
  readonly trace?: (event: ClusterTraceEvent) => void;
  readonly fault?: FaultHook;
  /** Until a follower has what its leader has appended. Default 0: at once. */
  readonly replicationMs?: (node: number) => number;
  /** Until a broker knows of a change of the cluster, and tells clients. Default 0: at once. */
  readonly metadataDelayMs?: (node: number) => number;
  /** Until the partitions of a broker that stopped get other leaders. Default 0: at once. */
  readonly failoverMs?: number;
}

export interface SimulatedConnectOptions {
  /** Default `simulated`. */
  readonly clientId?: string;
  /** Default 5. */
  readonly maxInFlightRequests?: number;
  /** From sending a request until its response; the broker has the request after half of it. Default 0: with the next timers. */
  readonly latencyMs?: (node: number, kind: RequestKind) => number;
  /** Until a connection is made. Default 0: with the next timers. */
  readonly connectMs?: (node: number) => number;
  /** For metadata and producer ids; produce() brings its own. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Default 50. */
  readonly reconnectBackoffMs?: number;
  /** Default 1,000. */
  readonly reconnectBackoffMaxMs?: number;
  /** Ids of the brokers in `bootstrap.servers`. Default: all. */
  readonly bootstrap?: readonly number[];
}

/** A record as it is read back from a log. */
export interface LoggedRecord {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  /** Milliseconds. */
  readonly timestamp: number;
  /** -1n, with epoch and sequence -1, for a record that is not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly sequence: number;
}

/** A batch as it is read back from a log. */
export interface LoggedBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly recordCount: number;
  readonly leaderEpoch: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** Of the bytes as they were sent. */
  readonly sizeInBytes: number;
  readonly records: readonly LoggedRecord[];
}

export interface ReadableLog {
  readonly batches: readonly LoggedBatch[];
  readonly records: readonly LoggedRecord[];
  /** Offset of the next record. */
  readonly endOffset: bigint;
}

/** A batch that was in a leader's log and is in none any more. */
export interface LostBatch {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** Where it was written. */
  readonly node: number;
  readonly batch: LoggedBatch;
  readonly reason: 'leader-changed' | 'topic-deleted';
}

/** A buffer that changed while a request held it, which would have put garbage on a real socket. */
export interface TouchedBuffer {
  readonly request: number;
  readonly topic: string;
  readonly partition: number;
}

export type Credentials = 'valid' | 'revoked' | 'certificate-refused';

/**
 * A Kafka cluster in memory that behaves as 4.4.0 does towards producers. SKELETON: the names are settled, the work is not done.
 */
export class SimulatedCluster {
  constructor(readonly options: SimulatedClusterOptions) {}

  /** A client of its own connections. `SimulatedNetworkClient` in fact, once that is there. */
  connect(_options: SimulatedConnectOptions = {}): NetworkClient {
    throw new Error('not yet');
  }

  // ---- what happens to a cluster -------------------------------------------------------------------------------------

  createTopic(_topic: SimulatedTopicOptions): void {
    throw new Error('not yet');
  }

  deleteTopic(_name: string): void {
    throw new Error('not yet');
  }

  /** To so many in all. */
  addPartitions(_name: string, _partitions: number): void {
    throw new Error('not yet');
  }

  setTopicConfig(_name: string, _config: Readonly<Record<string, string>>): void {
    throw new Error('not yet');
  }

  /** An election: leader epoch + 1. A broker without a replica gets one. What only the old leader had is lost. */
  moveLeader(_topic: string, _partition: number, _leader: number): void {
    throw new Error('not yet');
  }

  stopBroker(_id: number): void {
    throw new Error('not yet');
  }

  startBroker(_id: number): void {
    throw new Error('not yet');
  }

  /** Followers on this broker fetch nothing from now on (they stay in sync), or do again. */
  setReplication(_id: number, _state: 'running' | 'paused'): void {
    throw new Error('not yet');
  }

  /** producer.id.expiration.ms: the leaders forget this producer id, or all. */
  forgetProducerIds(_producerId?: bigint): void {
    throw new Error('not yet');
  }

  /** Responses to Produce tell this throttle time from now on, and the broker reads nothing more until it is over. */
  setThrottleMs(_throttleMs: number): void {
    throw new Error('not yet');
  }

  /** New connections are refused; those that are there break when they have to authenticate again, which is now. */
  setCredentials(_credentials: Credentials): void {
    throw new Error('not yet');
  }

  revokeWrite(_topic: string): void {
    throw new Error('not yet');
  }

  grantWrite(_topic: string): void {
    throw new Error('not yet');
  }

  /** InitProducerId is refused with CLUSTER_AUTHORIZATION_FAILED, if no topic may be written either. */
  setIdempotentWrite(_state: 'allowed' | 'revoked'): void {
    throw new Error('not yet');
  }

  /** Breaks all connections to this broker; it goes on running. */
  closeConnections(_id: number): void {
    throw new Error('not yet');
  }

  // ---- what a test reads ---------------------------------------------------------------------------------------------

  /** Of the leader, or of the last one. */
  log(_topic: string, _partition: number): ReadableLog {
    throw new Error('not yet');
  }

  partitionCount(_topic: string): number {
    throw new Error('not yet');
  }

  /** -1 while there is none. */
  leader(_topic: string, _partition: number): number {
    throw new Error('not yet');
  }

  get topicNames(): readonly string[] {
    throw new Error('not yet');
  }

  get lostBatches(): readonly LostBatch[] {
    throw new Error('not yet');
  }

  get touchedBuffers(): readonly TouchedBuffer[] {
    throw new Error('not yet');
  }

  get runningBrokers(): readonly number[] {
    throw new Error('not yet');
  }
}
