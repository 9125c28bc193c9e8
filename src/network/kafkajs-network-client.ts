import type { AuthenticationError } from '../protocol/errors';
import type { Clock } from '../support/clock';
import { SystemClock } from '../support/clock';
import { parseBootstrapServers } from './connection-options';
import type { HostAndPort, KafkaConnectionOptions } from './connection-options';
import { KafkaJsConnection } from './kafkajs-internals';
import { AuthenticationFailure, NetworkFailure } from './network-client';
import type {
  ClusterMetadata,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../protocol/messages';
import type { NetworkClient } from './network-client';
import * as protocol from '../protocol/requests';

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

/** A broker, or before the first metadata an address to begin with, which has a negative id as in Java. */
interface Node extends HostAndPort {
  readonly id: number;
  connection: KafkaJsConnection | null;
  connecting: Promise<KafkaJsConnection> | null;
  inFlight: number;
  failedAttempts: number;
  /** Not before this time is another connection tried. */
  retryAtMs: number;
  throttledUntilMs: number;
}

const RECONNECT_JITTER = 0.2;
/** Java's producer asks the broker to make a missing topic, which auto.create.topics.enable then decides. */
const CREATE_TOPICS = true;

/**
 * The producer's requests over kafkajs's connections: at most one connection per broker, opened when it is first asked for
 * and replaced when it is lost, as Java's NetworkClient does it.
 */
export class KafkaJsNetworkClient implements NetworkClient {
  readonly #options: KafkaJsNetworkClientOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #bootstrap: Node[];
  readonly #nodes = new Map<number, Node>();
  readonly #timers = new Set<() => void>();
  #onReadyChange: () => void = () => {};
  #closed = false;

  constructor(options: KafkaJsNetworkClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
    this.#random = options.random ?? Math.random;
    this.#bootstrap = parseBootstrapServers(options.bootstrapServers).map((address, index) =>
      newNode(-1 - index, address),
    );
  }

  async fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const request = protocol.encodeMetadata(topics, CREATE_TOPICS);
    const metadata = await this.#askAny(request, protocol.decodeMetadata);
    this.#learn(metadata);
    return metadata;
  }

  async initProducerId(): Promise<ProducerIdResponse> {
    return this.#askAny(protocol.encodeInitProducerId(), protocol.decodeInitProducerId);
  }

  async produce(nodeId: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse> {
    const node = this.#nodes.get(nodeId);
    if (node?.connection == null) throw new NetworkFailure(`There is no connection to broker ${nodeId}.`);
    const payload = await this.#request(
      node,
      node.connection,
      protocol.encodeProduce(request),
      requestTimeoutMs,
    );
    if (payload === null) return unacknowledged(request);
    const response = protocol.decodeProduce(payload);
    this.#throttle(node, response.throttleTimeMs);
    return response;
  }

  ready(nodeId: number): boolean {
    const node = this.#nodes.get(nodeId);
    if (node === undefined || this.#closed) return false;
    const { connection } = node;
    if (connection === null) {
      if (node.retryAtMs <= this.#clock.now()) void this.#connect(node).catch(() => {});
      return false;
    }
    if (connection.needsAuthentication) {
      // The answers to requests in flight would be taken for answers to SASL: first let them come.
      if (node.inFlight === 0) this.#authenticate(connection);
      return false;
    }
    return (
      node.throttledUntilMs <= this.#clock.now() &&
      node.inFlight < this.#options.maxInFlightRequestsPerConnection
    );
  }

  onReadyChange(listener: () => void): void {
    this.#onReadyChange = listener;
  }

  authenticationError(_nodeId: number): AuthenticationError | null {
    return null;
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#onReadyChange = () => {};
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const node of [...this.#bootstrap, ...this.#nodes.values()]) node.connection?.destroy();
    return Promise.resolve();
  }

  /** Asks the connected broker with the least in flight; without one, the first that can be connected to. */
  async #askAny<T>(request: protocol.WireRequest, decode: (payload: Buffer) => T): Promise<T> {
    const node = await this.#anyNode();
    const connection = node.connection!;
    const payload = await this.#request(node, connection, request, this.#options.requestTimeoutMs);
    return decoded(connection, payload!, decode);
  }

  async #anyNode(): Promise<Node> {
    const nodes = [...this.#nodes.values(), ...this.#bootstrap];
    const usable = nodes.filter(({ connection }) => connection !== null && !connection.needsAuthentication);
    if (usable.length > 0)
      return usable.reduce((least, node) => (node.inFlight < least.inFlight ? node : least));

    let failure: unknown;
    for (const node of nodes) {
      if (node.connection?.needsAuthentication && node.inFlight === 0) {
        await node.connection.authenticate();
        return node;
      }
      if (node.connection !== null || (node.connecting === null && node.retryAtMs > this.#clock.now()))
        continue;
      try {
        await this.#connect(node);
        return node;
      } catch (error) {
        failure = error;
        if (error instanceof AuthenticationFailure) throw error;
      }
    }
    if (failure instanceof NetworkFailure) throw failure;
    throw new NetworkFailure(`No broker of ${this.#options.bootstrapServers} can be reached at the moment.`);
  }

  async #request(
    node: Node,
    connection: KafkaJsConnection,
    request: protocol.WireRequest,
    timeoutMs: number,
  ): Promise<Buffer | null> {
    node.inFlight++;
    try {
      return await connection.request(request, timeoutMs);
    } finally {
      // A connection that was replaced meanwhile began its own count.
      if (node.connection === connection) node.inFlight--;
      this.#onReadyChange();
    }
  }

  #connect(node: Node): Promise<KafkaJsConnection> {
    if (this.#closed) return Promise.reject(new NetworkFailure('The network client is closed.'));
    node.connecting ??= this.#open(node).finally(() => {
      node.connecting = null;
      this.#onReadyChange();
    });
    return node.connecting;
  }

  async #open(node: Node): Promise<KafkaJsConnection> {
    const { clientId, socketConnectionSetupTimeoutMs: setupTimeoutMs, ssl, sasl } = this.#options;
    let connection: KafkaJsConnection | null = null;
    try {
      const onClosed = () => connection !== null && this.#lost(connection);
      connection = await KafkaJsConnection.open(node, { clientId, setupTimeoutMs, ssl, sasl, onClosed });
    } catch (error) {
      this.#backOff(node);
      throw error;
    }
    if (this.#closed) {
      connection.destroy();
      throw new NetworkFailure('The network client was closed while it connected.');
    }
    node.connection = connection;
    node.inFlight = 0;
    node.failedAttempts = 0;
    return connection;
  }

  #lost(connection: KafkaJsConnection): void {
    for (const node of [...this.#nodes.values(), ...this.#bootstrap]) {
      if (node.connection !== connection) continue;
      node.connection = null;
      node.inFlight = 0;
      this.#backOff(node);
    }
  }

  /** reconnect.backoff.ms, doubled with each failure up to reconnect.backoff.max.ms, ±20 % so that clients do not come in step. */
  #backOff(node: Node): void {
    const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.#options;
    const exponentialMs = Math.min(reconnectBackoffMs * 2 ** node.failedAttempts, reconnectBackoffMaxMs);
    const delayMs = exponentialMs * (1 + RECONNECT_JITTER * (2 * this.#random() - 1));
    node.failedAttempts++;
    node.retryAtMs = this.#clock.now() + delayMs;
    this.#notifyAt(node.retryAtMs);
  }

  #throttle(node: Node, throttleTimeMs: number): void {
    if (throttleTimeMs <= 0) return;
    node.throttledUntilMs = this.#clock.now() + throttleTimeMs;
    this.#notifyAt(node.throttledUntilMs);
  }

  #notifyAt(dueMs: number): void {
    if (this.#closed) return;
    const cancel = this.#clock.after(Math.ceil(dueMs - this.#clock.now()), () => {
      this.#timers.delete(cancel);
      // A timer may fire a millisecond before the clock shows its time. Told then, the listener would find nothing
      // ready, and nobody would tell it again.
      if (this.#clock.now() < dueMs) this.#notifyAt(dueMs);
      else this.#onReadyChange();
    });
    this.#timers.add(cancel);
  }

  #authenticate(connection: KafkaJsConnection): void {
    void connection.authenticate().then(
      () => this.#onReadyChange(),
      () => {}, // the connection is gone, which `#lost` has dealt with
    );
  }

  #learn({ brokers }: ClusterMetadata): void {
    for (const { id, host, port } of brokers) {
      const known = this.#nodes.get(id);
      if (known?.host === host && known.port === port) continue;
      known?.connection?.destroy();
      this.#nodes.set(id, this.#adopt(newNode(id, { host, port })));
    }
  }

  /** The address that led here is usually a broker's own: its connection is kept instead of opening a second one. */
  #adopt(node: Node): Node {
    const from = this.#bootstrap.find(({ host, port }) => host === node.host && port === node.port);
    if (from?.connection == null) return node;
    const { connection, inFlight } = from;
    Object.assign(from, { connection: null, inFlight: 0 });
    return Object.assign(node, { connection, inFlight });
  }
}

function newNode(id: number, { host, port }: HostAndPort): Node {
  return {
    id,
    host,
    port,
    connection: null,
    connecting: null,
    inFlight: 0,
    failedAttempts: 0,
    retryAtMs: 0,
    throttledUntilMs: 0,
  };
}

/** An answer that makes no sense says that the connection has come out of step. */
function decoded<T>(connection: KafkaJsConnection, payload: Buffer, decode: (payload: Buffer) => T): T {
  try {
    return decode(payload);
  } catch (cause) {
    connection.destroy(cause);
    throw new NetworkFailure('A broker gave an answer that cannot be read.', { cause });
  }
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
