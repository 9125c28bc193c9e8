import net from 'node:net';
import { performance } from 'node:perf_hooks';
import tls from 'node:tls';
import { parseBootstrapServers, tlsOptions } from '../../network/connection-options';
import type { KafkaConnectionOptions } from '../../network/connection-options';
import type { Clock } from '../../support/clock';
import { SystemClock } from '../../support/clock';
import { FaultScript } from './fault-rules';
import type { DoneFault, Fault, FaultRule, SeenRequest } from './fault-rules';
import { ProxiedConnection } from './proxied-connection';
import type { Mutable, ProxySide } from './proxied-connection';
import type { Address, NamedBroker } from '../../protocol/address-frames';

export type { DoneFault, Fault, FaultRule, RequestFate, SeenBatch, SeenRequest } from './fault-rules';
export type { RequestKind } from '../../protocol/request-header';

export interface FaultProxyOptions {
  /** Of the real cluster: `host:port`, comma-separated. */
  readonly bootstrapServers: string;
  /** How the proxy connects to brokers that expect TLS. Clients come to it without: what is encrypted cannot be read. */
  readonly ssl?: KafkaConnectionOptions['ssl'];
  readonly faults?: readonly FaultRule[];
  /** For faults with a probability; the same requests in the same order then suffer the same faults. */
  readonly seed?: number;
  readonly clock?: Clock;
  /** Called as each request comes by, before any fault. */
  onRequest?(request: SeenRequest): void;
  onFault?(fault: DoneFault): void;
}

export interface FaultProxy {
  /** What a client takes as its bootstrap.servers; it never learns another address. */
  readonly bootstrapServers: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** Every fault that was done so far. */
  readonly faults: readonly DoneFault[];
  /** What came by and was not understood; its connection was broken. Empty, or the experiment proves nothing. */
  readonly failures: readonly Error[];
  readonly seed: number;
  /** Another rule from now on; the returned function takes it back. */
  addFault(rule: FaultRule): () => void;
  clearFaults(): void;
  /** Nothing goes through any more, as if the brokers hung, until `resume()`. Connections stay. */
  stall(): void;
  resume(): void;
  /** Breaks every connection that there is now, or every one to the broker of this id. */
  killConnections(node?: number): void;
  /** Resolves when every socket and listener is closed. */
  close(): Promise<void>;
}

/**
 * A proxy between clients and a Kafka cluster that understands the protocol, and does to chosen requests what networks
 * and brokers do on bad days. Listens on 127.0.0.1 only, one port for each broker; addresses in Metadata, FindCoordinator and
 * Produce responses are replaced by its own, so one broker or three make no difference. Produce is held to version 12 or
 * below: later versions do not name their topics.
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new RunningFaultProxy(options);
  try {
    await proxy.start();
  } catch (error) {
    await proxy.close();
    throw error;
  }
  return proxy;
}

interface Listener {
  readonly target: Address;
  readonly server: net.Server;
  readonly address: Address;
  node: number | null;
}

const LOOPBACK = '127.0.0.1';

class RunningFaultProxy implements FaultProxy {
  bootstrapServers = '';
  readonly seed: number;
  readonly requests: SeenRequest[] = [];
  readonly faults: DoneFault[] = [];
  readonly failures: Error[] = [];
  readonly #script: FaultScript;
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Promise<Listener>>();
  readonly #connections = new Map<ProxiedConnection, Listener>();
  readonly #tls: tls.ConnectionOptions | null;
  #connectionCount = 0;
  #closed = false;
  #stalled: { readonly over: Promise<void>; readonly end: () => void } | null = null;

  constructor(private readonly options: FaultProxyOptions) {
    this.seed = options.seed ?? 1;
    this.#clock = options.clock ?? new SystemClock();
    this.#script = new FaultScript(this.seed);
    this.#tls = tlsOptions(options.ssl);
    for (const rule of options.faults ?? []) this.#script.add(rule);
  }

  async start(): Promise<void> {
    const targets = parseBootstrapServers(this.options.bootstrapServers);
    const listeners = await Promise.all(targets.map((target) => this.#listenerFor(target)));
    this.bootstrapServers = listeners.map(({ address }) => `${address.host}:${address.port}`).join(',');
  }

  addFault(rule: FaultRule): () => void {
    this.#script.add(rule);
    return () => this.#script.remove(rule);
  }

  clearFaults(): void {
    this.#script.clear();
  }

  stall(): void {
    if (this.#stalled !== null || this.#closed) return;
    let end = () => {};
    const over = new Promise<void>((resolve) => (end = resolve));
    this.#stalled = { over, end };
  }

  resume(): void {
    this.#stalled?.end();
    this.#stalled = null;
  }

  killConnections(node?: number): void {
    for (const [connection, listener] of [...this.#connections]) {
      if (node === undefined || listener.node === node) connection.kill();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.killConnections();
    this.resume();
    for (const listening of await Promise.allSettled(this.#listeners.values())) {
      if (listening.status === 'fulfilled') await closeServer(listening.value.server);
    }
    await Promise.all([...this.#connections.keys()].map(({ ended }) => ended));
  }

  #listenerFor(target: Address): Promise<Listener> {
    const name = `${target.host}:${target.port}`;
    const known = this.#listeners.get(name);
    if (known !== undefined) return known;
    const listener = this.#listen(target);
    this.#listeners.set(name, listener);
    return listener;
  }

  #listen(target: Address): Promise<Listener> {
    const server = net.createServer({ pauseOnConnect: false });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, LOOPBACK, () => {
        const { port } = server.address() as net.AddressInfo;
        const listener: Listener = { target, server, address: { host: LOOPBACK, port }, node: null };
        server.on('connection', (client) => this.#accept(client, listener));
        resolve(listener);
      });
    });
  }

  #accept(client: net.Socket, listener: Listener): void {
    if (this.#closed) return void client.destroy();
    const broker = this.#connect(listener.target);
    const connection = new ProxiedConnection(this.#sideOf(listener), ++this.#connectionCount, client, broker);
    this.#connections.set(connection, listener);
    void connection.ended.then(() => this.#connections.delete(connection));
  }

  #connect({ host, port }: Address): net.Socket {
    return this.#tls === null ? net.connect({ host, port }) : tls.connect({ ...this.#tls, host, port });
  }

  #sideOf(listener: Listener): ProxySide {
    return {
      clock: this.#clock,
      register: (fields) => {
        const number = this.requests.length + 1;
        const request: Mutable<SeenRequest> = { number, atMs: this.#nowMs(), node: listener.node, ...fields };
        this.requests.push(request);
        this.options.onRequest?.(request);
        return { request, rule: this.#script.next(request) };
      },
      done: (fault: Fault, request: SeenRequest) => {
        const done = { atMs: this.#nowMs(), fault, request };
        this.faults.push(done);
        this.options.onFault?.(done);
      },
      addressFor: (broker) => this.#addressFor(broker),
      failed: (error) => void this.failures.push(error),
      untilOpen: () => this.#stalled?.over ?? Promise.resolve(),
    };
  }

  async #addressFor(broker: NamedBroker): Promise<Address> {
    const listener = await this.#listenerFor({ host: broker.host, port: broker.port });
    listener.node = broker.nodeId;
    if (this.#closed) await closeServer(listener.server);
    return listener.address;
  }

  /** The resolution of performance.now() with the system's clock; a test's clock as it is. */
  #nowMs(): number {
    return this.options.clock === undefined ? performance.now() : this.#clock.now();
  }
}

function closeServer(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
