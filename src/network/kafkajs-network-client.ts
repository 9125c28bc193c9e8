import { AuthenticationError } from '../protocol/errors';
import type {
  BrokerNode,
  ClusterMetadata,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../protocol/messages';
import * as protocol from '../protocol/requests';
import type { Clock } from '../support/clock';
import { SystemClock } from '../support/clock';
import { parseBootstrapServers, tlsOptions } from './connection-options';
import type { HostAndPort, KafkaConnectionOptions } from './connection-options';
import { KafkaJsConnection } from './kafkajs-internals';
import { NetworkFailure } from './network-client';
import type { NetworkClient } from './network-client';
import { NodeConnection } from './node-connection';
import type { NodeConnectionOptions } from './node-connection';

export interface KafkaJsNetworkClientOptions extends KafkaConnectionOptions {
  /** `host:port`, comma-separated. */
  readonly bootstrapServers: string;
  readonly clientId: string;
  /** For metadata and producer ids; produce() brings its own. */
  readonly requestTimeoutMs: number;
  readonly maxInFlightRequestsPerConnection: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly socketConnectionSetupTimeoutMs: number;
  readonly clock?: Clock;
  /** From 0 to below 1, for the jitter of the backoff. */
  readonly random?: () => number;
}

/** Java's producer asks the broker to make a missing topic, which auto.create.topics.enable then decides. */
const CREATE_TOPICS = true;

/**
 * The producer's requests over kafkajs's connections: at most one connection per broker, opened when it is first asked for
 * and replaced when it is lost, as Java's NetworkClient does it. The constructor throws a ConfigError for addresses, certificates
 * and keys that cannot be used.
 */
export class KafkaJsNetworkClient implements NetworkClient {
  readonly #options: KafkaJsNetworkClientOptions;
  readonly #clock: Clock;
  readonly #bootstrap: readonly NodeConnection[];
  /** By broker id. An address of the beginning that turns out to be a broker's own is that broker's, connection and all. */
  readonly #nodes = new Map<number, NodeConnection>();
  readonly #nodeOptions: NodeConnectionOptions;
  readonly #timers = new Set<() => void>();
  readonly #waiters = new Set<() => void>();
  #onReadyChange: () => void = () => {};
  #closed = false;

  constructor(options: KafkaJsNetworkClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
    const random = options.random ?? Math.random;
    const { clientId, socketConnectionSetupTimeoutMs: setupTimeoutMs, sasl } = options;
    const opening = { clientId, setupTimeoutMs, sasl, random, tls: tlsOptions(options.ssl) };
    this.#nodeOptions = {
      clock: this.#clock,
      random,
      reconnectBackoffMs: options.reconnectBackoffMs,
      reconnectBackoffMaxMs: options.reconnectBackoffMaxMs,
      maxInFlightRequests: options.maxInFlightRequestsPerConnection,
      newConnection: (address, onClosed) => new KafkaJsConnection(address, { ...opening, onClosed }),
      changed: () => this.#changed(),
      changedAt: (dueMs) => this.#changedAt(dueMs),
    };
    this.#bootstrap = parseBootstrapServers(options.bootstrapServers).map((address) =>
      this.#newNode(address),
    );
  }

  async fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const request = protocol.encodeMetadata(topics, CREATE_TOPICS);
    const metadata = await this.#askAny(request, protocol.decodeMetadata);
    if (metadata.brokers.length === 0) {
      throw new NetworkFailure('A broker that has just started does not know its cluster yet.');
    }
    this.#learn(metadata.brokers);
    this.#forgetAllBut(metadata.brokers);
    return metadata;
  }

  async initProducerId(): Promise<ProducerIdResponse> {
    return this.#askAny(protocol.encodeInitProducerId(), protocol.decodeInitProducerId);
  }

  async produce(nodeId: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse> {
    const node = this.#nodes.get(nodeId);
    const connection = node?.connection ?? null;
    if (node === undefined || connection === null) {
      throw node?.authenticationError ?? new NetworkFailure(`There is no connection to broker ${nodeId}.`);
    }
    const encoded = protocol.encodeProduce(request);
    const decode = encoded.expectResponse ? protocol.decodeProduce : () => unacknowledged(request);
    const response = await this.#ask(node, connection, {
      request: encoded,
      timeoutMs: requestTimeoutMs,
      decode,
    });
    this.#learn(response.nodeEndpoints ?? []);
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
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const node of this.#allNodes()) node.disconnect(new Error('the network client was closed'));
    this.#changed();
    return Promise.resolve();
  }

  async #askAny<T extends Throttled>(
    request: protocol.WireRequest,
    decode: (payload: Buffer) => T,
  ): Promise<T> {
    const { node, connection } = await this.#usableNode();
    return this.#ask(node, connection, { request, timeoutMs: this.#options.requestTimeoutMs, decode });
  }

  async #ask<T extends Throttled>(
    node: NodeConnection,
    connection: KafkaJsConnection,
    { request, timeoutMs, decode }: Question<T>,
  ): Promise<T> {
    try {
      const response = await connection.ask(request, timeoutMs, decode);
      node.throttle(response.throttleTimeMs ?? 0);
      return response;
    } finally {
      this.#changed();
    }
  }

  /**
   * The connected broker with the least in flight; without one, the first that can be connected to, each tried once and one at a
   * time. It takes whichever comes first: also a connection that was made for another reason meanwhile.
   */
  async #usableNode(): Promise<UsableNode> {
    const tried = new Set<NodeConnection>();
    const attempts = new Set<Promise<void>>();
    let failure: unknown = null;
    const attempt = (node: NodeConnection, work: Promise<void>) => {
      tried.add(node);
      const settled = work
        .catch((error: unknown) => void (failure = error))
        .finally(() => attempts.delete(settled));
      attempts.add(settled);
    };
    for (;;) {
      if (this.#closed) throw new NetworkFailure('The network client is closed.');
      const usable = this.#leastLoaded();
      if (usable !== null) return usable;
      if (failure instanceof AuthenticationError) throw failure;
      const nodes = this.#allNodes();
      const renewing = nodes.filter((node) => node.needsAuthentication);
      for (const node of renewing.filter((one) => !tried.has(one))) {
        // Without a promise, requests are in flight: once they have settled, it is looked at once more.
        const renewal = node.authenticate();
        if (renewal !== null) attempt(node, renewal);
      }
      if (attempts.size === 0 && renewing.length === 0) {
        const next = nodes.find((node) => !tried.has(node) && (node.canConnect || node.isConnecting));
        if (next === undefined) throw this.#unreachable(failure);
        attempt(next, next.connect());
      }
      await Promise.race([...attempts, this.#nextChange()]);
    }
  }

  #leastLoaded(): UsableNode | null {
    let least: UsableNode | null = null;
    for (const node of this.#allNodes()) {
      const { connection } = node;
      if (connection === null || node.needsAuthentication) continue;
      if (least === null || load(node) < load(least.node)) least = { node, connection };
    }
    return least;
  }

  /** A refusal counts as long as the node that refused has not been asked once more. */
  #unreachable(failure: unknown): unknown {
    const refused = this.#allNodes().find((node) => node.authenticationError !== null);
    if (refused !== undefined) return refused.authenticationError;
    return (
      failure ??
      new NetworkFailure(`No broker of ${this.#options.bootstrapServers} can be reached at the moment.`)
    );
  }

  /** First the brokers, then the addresses to begin with that are none of theirs. */
  #allNodes(): NodeConnection[] {
    return [...new Set([...this.#nodes.values(), ...this.#bootstrap])];
  }

  #newNode(address: HostAndPort): NodeConnection {
    return new NodeConnection(address, this.#nodeOptions);
  }

  #learn(brokers: readonly BrokerNode[]): void {
    if (this.#closed) return;
    for (const { id, host, port } of brokers) {
      const isHere = ({ address }: NodeConnection) => address.host === host && address.port === port;
      const known = this.#nodes.get(id);
      if (known !== undefined && isHere(known)) continue;
      known?.disconnect(new Error(`broker ${id} is at ${host}:${port} now`));
      this.#nodes.set(id, this.#bootstrap.find(isHere) ?? this.#newNode({ host, port }));
    }
  }

  /** A broker that has left the cluster is not asked any more. One that is still connected may have responses to give. */
  #forgetAllBut(brokers: readonly BrokerNode[]): void {
    const listed = new Set(brokers.map(({ id }) => id));
    for (const [id, node] of this.#nodes) {
      if (!listed.has(id) && node.connection === null && !node.isConnecting) this.#nodes.delete(id);
    }
  }

  // ---- who waits -----------------------------------------------------------------------------------------------------

  #changed(): void {
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
    this.#onReadyChange();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => this.#waiters.add(resolve));
  }

  #changedAt(dueMs: number): void {
    if (this.#closed) return;
    const cancel = this.#clock.after(Math.ceil(dueMs - this.#clock.now()), () => {
      this.#timers.delete(cancel);
      // A timer may fire a millisecond before the clock shows its time. Told then, the listener would find nothing
      // ready, and nobody would tell it again.
      if (this.#clock.now() < dueMs) this.#changedAt(dueMs);
      else this.#changed();
    });
    this.#timers.add(cancel);
  }
}

interface Throttled {
  readonly throttleTimeMs?: number;
}

interface Question<T> {
  readonly request: protocol.WireRequest;
  readonly timeoutMs: number;
  readonly decode: (payload: Buffer) => T;
}

interface UsableNode {
  readonly node: NodeConnection;
  readonly connection: KafkaJsConnection;
}

/** A broker that has asked this client to wait comes last. */
function load(node: NodeConnection): number {
  return node.isThrottled ? Infinity : node.inFlight;
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
