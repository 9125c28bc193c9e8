import { NetworkFailure } from '../network/network-client';
import { SaslAuthenticationError, SslAuthenticationError } from '../protocol/errors';
import type { ClusterMetadata, ProducerIdResponse } from '../protocol/messages';
import type { Clock } from '../support/clock';
import type { ClusterTraceEvent } from '../trace/trace-event';
import { readableLog } from './logged-batch';
import type { LoggedBatch, LoggedRecord, LostBatch, ReadableLog } from './logged-batch';
import { ProduceHandler } from './produce-handler';
import { SimulatedBroker } from './simulated-broker';
import { SimulatedConnection } from './simulated-connection';
import { SimulatedController } from './simulated-controller';
import type { SimulatedTopicOptions } from './simulated-controller';
import { SimulatedNetworkClient } from './simulated-network-client';
import type { ReachableCluster, SimulatedConnectOptions, TouchedBuffer } from './simulated-network-client';
import type { FaultHook, RequestKind, SimulatedFault, SimulatedRequest } from './simulated-request';

export type { LoggedBatch, LoggedRecord, LostBatch, ReadableLog };
export type { SimulatedConnectOptions, SimulatedTopicOptions, TouchedBuffer };

export interface SimulatedClusterOptions {
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of clients' backoffs. Default: always 0.5, which is no jitter. */
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
  /** replica.lag.time.max.ms. Default 30,000. */
  readonly replicaLagTimeMaxMs?: number;
  /** Until the partitions of a broker that was killed get other leaders. Default 0: at once. */
  readonly failoverMs?: number;
  /** producer.id.expiration.ms. Default: one day. */
  readonly producerIdExpirationMs?: number;
}

export type Credentials = 'valid' | 'revoked' | 'certificate-refused';

const PRODUCER_IDS_IN_BLOCK = 1000n;
const DEFAULT_LAG_TIME_MS = 30_000;

/**
 * A Kafka cluster in memory that does to producers what Kafka 4.4.0 does: leaders and followers, logs and what they remember of
 * producer ids, topic configs, and everything that goes wrong. Driven by its clock, and by nothing else.
 */
export class SimulatedCluster {
  readonly #options: SimulatedClusterOptions;
  readonly #brokers = new Map<number, SimulatedBroker>();
  readonly #handlers = new Map<number, ProduceHandler>();
  readonly #controller: SimulatedController;
  readonly #connections = new Map<number, Set<SimulatedConnection>>();
  readonly #touched: TouchedBuffer[] = [];
  readonly #writeRevoked = new Set<string>();
  readonly #describeRevoked = new Set<string>();
  readonly #killed = new Set<number>();
  readonly #numbers = new Map<RequestKind, number>();
  #started = false;
  #requests = 0;
  #idempotentWrite: 'allowed' | 'revoked' = 'allowed';
  #credentials: Credentials = 'valid';
  #throttleMs = 0;
  #producerIdBlocks = 0n;

  constructor(options: SimulatedClusterOptions) {
    this.#options = options;
    const { clock, brokers = 1, topics = [], replicationMs = atOnce, metadataDelayMs = atOnce } = options;
    for (let id = 1; id <= brokers; id++) this.#addBroker(id);
    this.#controller = new SimulatedController({
      clock,
      brokers: this.#brokers,
      trace: (event) => this.#trace(event),
      replicationMs,
      // What is there from the beginning, the brokers know from the beginning.
      metadataDelayMs: (node) => (this.#started ? metadataDelayMs(node) : 0),
      replicaLagTimeMaxMs: options.replicaLagTimeMaxMs ?? DEFAULT_LAG_TIME_MS,
      failoverMs: options.failoverMs ?? 0,
      producerIdExpirationMs: options.producerIdExpirationMs,
    });
    for (const topic of topics) this.createTopic(topic);
    this.#started = true;
  }

  /** A client with connections of its own. */
  connect(options: SimulatedConnectOptions = {}): SimulatedNetworkClient {
    return new SimulatedNetworkClient(this.#reachable(), options);
  }

  // ---- what happens to a cluster -------------------------------------------------------------------------------------

  createTopic(topic: SimulatedTopicOptions): void {
    this.#controller.createTopic(topic);
  }

  deleteTopic(name: string): void {
    this.#controller.deleteTopic(name);
  }

  /** To so many in all. */
  addPartitions(name: string, partitions: number): void {
    this.#controller.addPartitions(name, partitions);
  }

  /** These over those that were set before. */
  setTopicConfig(name: string, config: Readonly<Record<string, string>>): void {
    this.#controller.topic(name).configure(config);
  }

  /**
   * An election: leader epoch + 1. What only the old leader had is lost. A broker without a replica gets one, with all that the
   * leader has; one that is out of sync is elected only if `unclean`; -1: there is no leader. Returns whether it was possible.
   */
  moveLeader(topic: string, partition: number, leader: number, options: { unclean?: boolean } = {}): boolean {
    return this.#controller.partition(topic, partition).moveLeader(leader, options);
  }

  /**
   * Its connections break. What it has not handled yet is never handled. `kill`: as a crash does, which the controller notices
   * only after `failoverMs`, and which makes the broker fetch everything before it may lead again.
   */
  stopBroker(id: number, { kill = false }: { kill?: boolean } = {}): void {
    const broker = this.#broker(id);
    if (!broker.running) return;
    broker.running = false;
    this.#trace({ stage: 'broker-state', atMs: this.#options.clock.now(), node: id, state: 'stopped' });
    for (const connection of [...this.#connectionsTo(id)]) connection.brokerStopped();
    broker.dropWaiting();
    if (kill) this.#killed.add(id);
    this.#controller.brokerStopped(id, { wasKilled: kill });
  }

  startBroker(id: number): void {
    const broker = this.#broker(id);
    if (broker.running) return;
    broker.running = true;
    this.#trace({ stage: 'broker-state', atMs: this.#options.clock.now(), node: id, state: 'started' });
    this.#controller.brokerStarted(broker, { wasKilled: this.#killed.delete(id) });
  }

  /** `paused`: this broker's followers fetch nothing from now on, and stay in sync all the same, as if its disk hung. */
  setReplication(id: number, state: 'running' | 'paused'): void {
    this.#broker(id).replicationPaused = state === 'paused';
    this.#controller.resumeReplication();
  }

  /** producer.id.expiration.ms is over: this producer id, or all, are unknown to all brokers. */
  forgetProducerIds(producerId?: bigint): void {
    for (const topic of this.#controller.topics.values()) {
      for (const { replicas } of topic.partitions) {
        for (const { log } of replicas.values()) log.forgetProducerIds(producerId);
      }
    }
  }

  /** Responses tell this throttle time from now on, and the broker reads nothing more of the connection until it is over. */
  setThrottleMs(throttleMs: number): void {
    this.#throttleMs = throttleMs;
  }

  /** Connections break, because they have to authenticate again, and new ones are refused until the credentials are valid. */
  setCredentials(credentials: Credentials): void {
    this.#credentials = credentials;
    if (credentials === 'valid') return;
    for (const id of this.#brokers.keys()) this.closeConnections(id);
  }

  /** TOPIC_AUTHORIZATION_FAILED for Produce, and for Metadata if describing is not allowed by another ACL. */
  revokeWrite(topic: string, { describe = 'kept' }: { describe?: 'kept' | 'revoked' } = {}): void {
    this.#writeRevoked.add(topic);
    if (describe === 'revoked') this.#describeRevoked.add(topic);
  }

  grantWrite(topic: string): void {
    this.#writeRevoked.delete(topic);
    this.#describeRevoked.delete(topic);
  }

  /** `revoked`: CLUSTER_AUTHORIZATION_FAILED for InitProducerId, unless some topic may be written. */
  setIdempotentWrite(state: 'allowed' | 'revoked'): void {
    this.#idempotentWrite = state;
  }

  /** Breaks all connections to this broker; it goes on running, and handles what it has got. */
  closeConnections(id: number): void {
    for (const connection of [...this.#connectionsTo(id)]) {
      connection.close(`Broker ${id} closed the connection.`, { whatIsOnItsWay: 'is lost' });
    }
  }

  // ---- what a test reads ---------------------------------------------------------------------------------------------

  /** The leader's, or the last leader's. */
  log(topic: string, partition: number): ReadableLog {
    return readableLog(this.#controller.partition(topic, partition).leading.log);
  }

  /** A follower's, too. */
  replicaLog(topic: string, partition: number, node: number): ReadableLog {
    const replica = this.#controller.partition(topic, partition).replicas.get(node);
    if (replica === undefined)
      throw new RangeError(`Broker ${node} has no replica of ${topic}-${partition}.`);
    return readableLog(replica.log);
  }

  partitionCount(topic: string): number {
    return this.#controller.topic(topic).partitions.length;
  }

  /** -1 while there is none. */
  leader(topic: string, partition: number): number {
    return this.#controller.partition(topic, partition).state.leader;
  }

  inSyncReplicas(topic: string, partition: number): readonly number[] {
    return this.#controller.partition(topic, partition).state.inSyncReplicas;
  }

  get topicNames(): readonly string[] {
    return [...this.#controller.topics.keys()];
  }

  /** What leaders wrote and no leader has any more: because an election cut it off, or with its topic. */
  get lostBatches(): readonly LostBatch[] {
    return this.#controller.lost;
  }

  get touchedBuffers(): readonly TouchedBuffer[] {
    return this.#touched;
  }

  get runningBrokers(): readonly number[] {
    return [...this.#brokers.values()].filter(({ running }) => running).map(({ id }) => id);
  }

  // ---- what clients reach --------------------------------------------------------------------------------------------

  #reachable(): ReachableCluster {
    const { clock, random = () => 0.5 } = this.#options;
    return {
      clock,
      random,
      brokerIds: [...this.#brokers.keys()],
      open: (node, onClosed) => this.#open(node, onClosed),
      announce: (request) => this.#announce(request),
      metadata: (node, topics, fault) => this.#metadata(node, topics, fault),
      initProducerId: (node, fault) => this.#initProducerId(node, fault),
      produce: (node, request, fault, respond) => {
        this.#handlers.get(node)!.handle(request, fault?.kind === 'error' ? fault : null, respond);
      },
      throttleMs: () => this.#throttleMs,
      onTouched: (touched) => void this.#touched.push(touched),
    };
  }

  #open(node: number, onClosed: () => void): SimulatedConnection {
    if (!this.#broker(node).running)
      throw new NetworkFailure(`The connection to broker ${node} was refused.`);
    if (this.#credentials === 'revoked') {
      throw new SaslAuthenticationError(`Broker ${node} refused the credentials of the client.`);
    }
    if (this.#credentials === 'certificate-refused') {
      throw new SslAuthenticationError(
        `The TLS handshake with broker ${node} failed: the certificate was refused.`,
      );
    }
    const connections = this.#connectionsTo(node);
    const connection = new SimulatedConnection({
      clock: this.#options.clock,
      node,
      onClosed: () => {
        connections.delete(connection);
        onClosed();
      },
      onFault: (what) => this.#trace({ stage: 'fault', atMs: this.#options.clock.now(), node, what }),
    });
    connections.add(connection);
    return connection;
  }

  #announce(announced: Omit<SimulatedRequest, 'number' | 'numberOfKind'>) {
    const numberOfKind = (this.#numbers.get(announced.kind) ?? 0) + 1;
    this.#numbers.set(announced.kind, numberOfKind);
    const request: SimulatedRequest = { ...announced, number: ++this.#requests, numberOfKind };
    return { request, fault: this.#options.fault?.(request) ?? null };
  }

  #metadata(node: number, topics: readonly string[], fault: SimulatedFault | null): ClusterMetadata {
    const metadata = { ...this.#broker(node).metadata(topics), throttleTimeMs: this.#throttleMs };
    if (fault?.kind !== 'error') return metadata;
    const { errorCode } = fault;
    return {
      ...metadata,
      topics: topics.map((topic) => ({ topic, errorCode, topicId: null, partitions: [] })),
    };
  }

  #initProducerId(node: number, fault: SimulatedFault | null): ProducerIdResponse {
    const throttleTimeMs = this.#throttleMs;
    if (fault?.kind !== 'error') return { ...this.#broker(node).initProducerId(), throttleTimeMs };
    return { errorCode: fault.errorCode, producerId: -1n, producerEpoch: -1, throttleTimeMs };
  }

  // ---- the rest ------------------------------------------------------------------------------------------------------

  #addBroker(id: number): void {
    const { clock } = this.#options;
    const broker = new SimulatedBroker(id, {
      mayDescribe: (topic) => !this.#describeRevoked.has(topic),
      mayWriteIdempotently: () => this.#mayWriteIdempotently(),
      nextProducerIds: () => PRODUCER_IDS_IN_BLOCK * ++this.#producerIdBlocks,
    });
    this.#brokers.set(id, broker);
    const mayWrite = (topic: string) => !this.#writeRevoked.has(topic);
    this.#handlers.set(
      id,
      new ProduceHandler(broker, { clock, trace: (event) => this.#trace(event), mayWrite }),
    );
  }

  #mayWriteIdempotently(): boolean {
    if (this.#idempotentWrite === 'allowed') return true;
    return this.topicNames.some((topic) => !this.#writeRevoked.has(topic));
  }

  #broker(id: number): SimulatedBroker {
    const broker = this.#brokers.get(id);
    if (broker === undefined) throw new RangeError(`There is no simulated broker ${id}.`);
    return broker;
  }

  #connectionsTo(node: number): Set<SimulatedConnection> {
    let connections = this.#connections.get(node);
    if (connections === undefined) this.#connections.set(node, (connections = new Set()));
    return connections;
  }

  #trace(event: ClusterTraceEvent): void {
    this.#options.trace?.(event);
  }
}

function atOnce(): number {
  return 0;
}
