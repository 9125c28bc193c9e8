import { NetworkFailure } from '../network/network-client';
import type { NetworkClient } from '../network/network-client';
import { crc32c } from '../protocol/crc32c';
import { AuthenticationError } from '../protocol/errors';
import type {
  ClusterMetadata,
  NodeEndpoint,
  PartitionProduceResponse,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../protocol/messages';
import type { Clock } from '../support/clock';
import { malformedMetadata, malformedProduce, malformedProducerId } from './malformed-responses';
import type { ProduceOutcome } from './produce-handler';
import type { SimulatedConnection } from './simulated-connection';
import { SIMULATED_HOST } from './simulated-broker';
import { SimulatedNode } from './simulated-node';
import type { RequestKind, SimulatedFault, SimulatedRequest } from './simulated-request';

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

/** A buffer that changed while a request held it, which would have put garbage on a real socket. */
export interface TouchedBuffer {
  readonly request: SimulatedRequest;
  readonly topic: string;
  readonly partition: number;
}

/** The brokers, as a client reaches them. */
export interface ReachableCluster {
  readonly clock: Clock;
  readonly random: () => number;
  readonly brokerIds: readonly number[];
  /** Throws a NetworkFailure or an AuthenticationError for a broker that does not take the connection. */
  open(node: number, onClosed: () => void): SimulatedConnection;
  announce(request: Omit<SimulatedRequest, 'number' | 'numberOfKind'>): {
    readonly request: SimulatedRequest;
    readonly fault: SimulatedFault | null;
  };
  metadata(node: number, topics: readonly string[], fault: SimulatedFault | null): ClusterMetadata;
  initProducerId(node: number, fault: SimulatedFault | null): ProducerIdResponse;
  produce(
    node: number,
    request: ProduceRequest,
    fault: SimulatedFault | null,
    respond: (outcome: ProduceOutcome) => void,
  ): void;
  throttleMs(): number;
  onTouched(touched: TouchedBuffer): void;
}

/** What the client is about to send. */
interface Outgoing<T> {
  readonly kind: RequestKind;
  readonly produce: ProduceRequest | null;
  readonly topics: readonly string[];
  readonly timeoutMs: number;
  /** What the promise resolves with as soon as the request is written; null: there is a response to come. */
  readonly onceWritten: T | null;
  readonly read: () => void;
  readonly handle: (
    fault: SimulatedFault | null,
    respond: (response: T | 'nothing' | 'close-connection') => void,
  ) => void;
  readonly settled?: (request: SimulatedRequest) => void;
}

const DEFAULT_REQUEST_TIMEOUT_MS = 30_000;

/**
 * A client of a simulated cluster: connections that are opened when they are first asked for and replaced when they are lost,
 * with the same rules as `KafkaJsNetworkClient`.
 */
export class SimulatedNetworkClient implements NetworkClient {
  readonly #cluster: ReachableCluster;
  readonly #options: SimulatedConnectOptions;
  /** Every address; a node is one that metadata has named. */
  readonly #addresses = new Map<number, SimulatedNode>();
  readonly #nodes = new Map<number, SimulatedNode>();
  readonly #waiters = new Set<() => void>();
  #onReadyChange: () => void = () => {};
  #produceRequests = 0;
  #closed = false;

  /** `cluster.connect()` makes one. */
  constructor(cluster: ReachableCluster, options: SimulatedConnectOptions = {}) {
    this.#cluster = cluster;
    this.#options = options;
    for (const id of options.bootstrap ?? cluster.brokerIds) this.#address(id);
  }

  /** How many Produce requests were sent. */
  get requests(): number {
    return this.#produceRequests;
  }

  /** How many requests of any kind have no outcome yet. */
  get inFlight(): number {
    return [...this.#addresses.values()].reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  // ---- NetworkClient -------------------------------------------------------------------------------------------------

  async fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const metadata = await this.#askAny<ClusterMetadata>(({ id }) => ({
      ...NOTHING_TO_READ,
      kind: 'metadata',
      topics,
      timeoutMs: this.#requestTimeoutMs,
      handle: (fault, respond) => {
        const response = this.#cluster.metadata(id, topics, fault);
        respond(malformedMetadata(response, fault));
      },
    }));
    if (metadata.brokers.length === 0) {
      throw new NetworkFailure('A broker that has just started does not know its cluster yet.');
    }
    this.#learn(metadata.brokers.map(({ id }) => id));
    this.#forgetAllBut(metadata.brokers.map(({ id }) => id));
    return metadata;
  }

  initProducerId(): Promise<ProducerIdResponse> {
    return this.#askAny<ProducerIdResponse>(({ id }) => ({
      ...NOTHING_TO_READ,
      kind: 'init-producer-id',
      topics: [],
      timeoutMs: this.#requestTimeoutMs,
      handle: (fault, respond) => {
        respond(malformedProducerId(this.#cluster.initProducerId(id, fault), fault));
      },
    }));
  }

  async produce(nodeId: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse> {
    const node = this.#nodes.get(nodeId);
    const connection = node?.connection ?? null;
    if (node === undefined || connection === null) {
      throw node?.authenticationError ?? new NetworkFailure(`There is no connection to broker ${nodeId}.`);
    }
    this.#produceRequests++;
    const response = await this.#send(node, connection, this.#produceOf(nodeId, request, requestTimeoutMs));
    this.#learn((response.nodeEndpoints ?? []).map(({ id }) => id));
    return response;
  }

  ready(nodeId: number): boolean {
    return !this.#closed && this.#nodes.get(nodeId)?.ready() === true;
  }

  onReadyChange(listener: () => void): void {
    this.#onReadyChange = listener;
  }

  authenticationError(nodeId: number): AuthenticationError | null {
    return this.#nodes.get(nodeId)?.authenticationError ?? null;
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#onReadyChange = () => {};
    for (const node of this.#addresses.values()) node.close();
    this.#changed();
    return Promise.resolve();
  }

  // ---- requests ------------------------------------------------------------------------------------------------------

  get #requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
  }

  /** The bytes are read when the broker gets them, and not before: a buffer that is used again too early shows. */
  #produceOf(node: number, request: ProduceRequest, timeoutMs: number): Outgoing<ProduceResponse> {
    const checksums = request.batches.map(({ bytes }) => crc32c(bytes));
    let received = request;
    return {
      kind: 'produce',
      produce: request,
      topics: [...new Set(request.batches.map(({ topic }) => topic))],
      timeoutMs,
      onceWritten: request.acks === 0 ? unacknowledged(request) : null,
      read: () => {
        const batches = request.batches.map((batch) => ({ ...batch, bytes: Buffer.from(batch.bytes) }));
        received = { ...request, batches };
      },
      handle: (fault, respond) => {
        this.#cluster.produce(node, received, fault, (outcome) => {
          if (typeof outcome === 'string') return respond(outcome);
          const throttleTimeMs = this.#cluster.throttleMs();
          const response = { partitions: outcome, throttleTimeMs, nodeEndpoints: endpointsOf(outcome) };
          respond(malformedProduce(response, fault));
        });
      },
      settled: (announced) => {
        for (const [index, { topic, partition, bytes }] of request.batches.entries()) {
          if (crc32c(bytes) === checksums[index]) continue;
          this.#cluster.onTouched({ request: announced, topic, partition });
        }
      },
    };
  }

  async #askAny<T extends Throttled>(outgoing: (node: SimulatedNode) => Outgoing<T>): Promise<T> {
    const { node, connection } = await this.#usableNode();
    return this.#send(node, connection, outgoing(node));
  }

  async #send<T extends Throttled>(
    node: SimulatedNode,
    connection: SimulatedConnection,
    outgoing: Outgoing<T>,
  ): Promise<T> {
    try {
      const response = await this.#exchange(node, connection, outgoing);
      node.throttle(response.throttleTimeMs ?? 0);
      return response;
    } finally {
      this.#changed();
    }
  }

  #exchange<T extends Throttled>(
    node: SimulatedNode,
    connection: SimulatedConnection,
    { kind, produce, topics, timeoutMs, onceWritten, read, handle, settled }: Outgoing<T>,
  ): Promise<T> {
    const { clientId = 'simulated', latencyMs } = this.#options;
    const { request, fault } = this.#cluster.announce({ kind, clientId, node: node.id, produce, topics });
    return new Promise<T>((resolve, reject) => {
      const settle = (outcome: () => void) => (): void => {
        settled?.(request);
        outcome();
      };
      connection.send({
        request,
        fault,
        latencyMs: latencyMs?.(node.id, kind) ?? 0,
        timeoutMs,
        expectsResponse: onceWritten === null,
        read,
        process: (respond) =>
          handle(fault, (response) => {
            if (typeof response === 'string') return respond(response);
            respond({ deliver: settle(() => resolve(response)), throttleMs: response.throttleTimeMs ?? 0 });
          }),
        written: settle(() => resolve(onceWritten!)),
        fail: (failure) => settle(() => reject(failure))(),
      });
    });
  }

  // ---- nodes ---------------------------------------------------------------------------------------------------------

  /** The connected broker with the least in flight; without one, the first that can be connected to, one after the other. */
  async #usableNode(): Promise<{ node: SimulatedNode; connection: SimulatedConnection }> {
    const tried = new Set<SimulatedNode>();
    let failure: unknown = null;
    let attempt: Promise<void> | null = null;
    for (;;) {
      if (this.#closed) throw new NetworkFailure('The network client is closed.');
      const usable = this.#leastLoaded();
      if (usable !== null) return usable;
      if (failure instanceof AuthenticationError) throw failure;
      if (attempt === null) {
        const next = this.#allNodes().find(
          (node) => !tried.has(node) && (node.canConnect || node.isConnecting),
        );
        if (next === undefined) throw this.#unreachable(failure);
        tried.add(next);
        attempt = next.connect().then(
          () => void (attempt = null),
          (error: unknown) => {
            failure = error;
            attempt = null;
          },
        );
      }
      await Promise.race([attempt, new Promise<void>((resolve) => this.#waiters.add(resolve))]);
    }
  }

  #leastLoaded(): { node: SimulatedNode; connection: SimulatedConnection } | null {
    let least: { node: SimulatedNode; connection: SimulatedConnection } | null = null;
    for (const node of this.#allNodes()) {
      const { connection } = node;
      if (connection !== null && (least === null || node.load < least.node.load))
        least = { node, connection };
    }
    return least;
  }

  /** A refusal counts as long as the node that refused has not been asked once more. */
  #unreachable(failure: unknown): unknown {
    const refused = this.#allNodes().find(({ authenticationError }) => authenticationError !== null);
    if (refused !== undefined) return refused.authenticationError;
    return failure ?? new NetworkFailure('No simulated broker can be reached at the moment.');
  }

  /** First the brokers, then the addresses to begin with. */
  #allNodes(): SimulatedNode[] {
    const bootstrap = (this.#options.bootstrap ?? this.#cluster.brokerIds).map((id) => this.#address(id));
    return [...new Set([...this.#nodes.values(), ...bootstrap])];
  }

  #learn(ids: readonly number[]): void {
    if (this.#closed) return;
    for (const id of ids) this.#nodes.set(id, this.#address(id));
  }

  #forgetAllBut(ids: readonly number[]): void {
    for (const [id, node] of this.#nodes) {
      if (!ids.includes(id) && node.connection === null && !node.isConnecting) this.#nodes.delete(id);
    }
  }

  #address(id: number): SimulatedNode {
    let node = this.#addresses.get(id);
    if (node !== undefined) return node;
    const { maxInFlightRequests = 5, reconnectBackoffMs = 50, reconnectBackoffMaxMs = 1000 } = this.#options;
    node = new SimulatedNode(id, {
      clock: this.#cluster.clock,
      random: this.#cluster.random,
      maxInFlightRequests,
      reconnectBackoffMs,
      reconnectBackoffMaxMs,
      connectMs: () => this.#options.connectMs?.(id) ?? 0,
      open: (onClosed) => this.#cluster.open(id, onClosed),
      changed: () => this.#changed(),
    });
    this.#addresses.set(id, node);
    return node;
  }

  #changed(): void {
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
    this.#onReadyChange();
  }
}

interface Throttled {
  readonly throttleTimeMs?: number;
}

const NOTHING_TO_READ = { produce: null, onceWritten: null, read: (): void => {} };

/** KIP-951: the addresses of the leaders that a response names. */
function endpointsOf(partitions: readonly PartitionProduceResponse[]): NodeEndpoint[] {
  const leaders = new Set(partitions.map(({ currentLeader }) => currentLeader?.leader ?? -1));
  leaders.delete(-1);
  return [...leaders].map((id) => ({ id, host: SIMULATED_HOST, port: id, rack: null }));
}

/** What is known with acks=0: that it was written. */
function unacknowledged({ batches }: ProduceRequest): ProduceResponse {
  const partitions = batches.map(({ topic, partition }) => ({
    topic,
    partition,
    errorCode: 0,
    errorMessage: null,
    baseOffset: -1n,
    logAppendTimeMs: -1,
    recordErrors: [],
  }));
  return { partitions, throttleTimeMs: 0 };
}
