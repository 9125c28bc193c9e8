/**
 * The only file that knows the inside of kafkajs, which is pinned to 2.2.4: what its public producer cannot do (see DESIGN.md)
 * needs its connections, not its producer. Used are its socket handling, API version exchange, SASL and request queue.
 */
import Broker from 'kafkajs/src/broker';
import ConnectionPool from 'kafkajs/src/network/connectionPool';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import net from 'node:net';
import tls from 'node:tls';
import type { HostAndPort, KafkaConnectionOptions } from './connection-options';
import { AuthenticationFailure, NetworkFailure } from './network-client';
import type { WireRequest } from '../protocol/requests';

// After every answer kafkajs sets a timer for requests that wait, with a negative delay when none does: Node 24 warns
// of each first one (TimeoutNegativeWarning), and a fast producer pays for a timer per request. Nothing waits, no timer.
const scheduleWithPending = RequestQueue.prototype.scheduleCheckPendingRequests;
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.pending.length > 0) scheduleWithPending.call(this);
};

const KEEP_ALIVE_DELAY_MS = 60_000;
/** kafkajs looks for timed-out requests this often, and takes no shorter timeout than its own default. */
const TIMEOUT_CHECK_MS = 100;

/** What goes wrong is in the errors that requests reject with; kafkajs would print it a second time. */
const silentLogger = {
  namespace: () => silentLogger,
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
};

export interface OpenOptions extends KafkaConnectionOptions {
  readonly clientId: string;
  /** For the TCP and TLS handshakes, the version exchange and SASL together. */
  readonly setupTimeoutMs: number;
  /** Once, when the connection is gone, whoever ended it. Requests in flight have been rejected by then. */
  readonly onClosed?: () => void;
}

type Connection = ConnectionPool['pool'][number];

/** One connection to one broker, ready for requests. It is never revived: a lost connection is replaced by a new one. */
export class KafkaJsConnection {
  readonly #connection: Connection;
  readonly #broker: Broker;
  readonly #clientId: Buffer;
  readonly #address: string;
  #onClosed: (() => void) | undefined;
  #closed = false;

  /** Rejects with a NetworkFailure when the broker cannot be reached, with its subclass AuthenticationFailure when it says no. */
  static async open({ host, port }: HostAndPort, options: OpenOptions): Promise<KafkaJsConnection> {
    const connectionPool = new ConnectionPool({
      host,
      port,
      socketFactory: createSocket,
      logger: silentLogger,
      clientId: options.clientId,
      // kafkajs counts from an exact null on: undefined would mean something else.
      ssl: options.ssl === true ? {} : options.ssl || null,
      // A copy: kafkajs puts a function of its own into it, and the caller's options go to other processes too.
      sasl: options.sasl ? { ...options.sasl } : null,
      connectionTimeout: options.setupTimeoutMs,
      requestTimeout: TIMEOUT_CHECK_MS,
      enforceRequestTimeout: true,
    });
    const broker = new Broker({ connectionPool, logger: silentLogger, nodeId: null });
    const connection = new KafkaJsConnection(connectionPool.pool[0]!, broker, `${host}:${port}`, options);
    await connection.#setUp(options.setupTimeoutMs);
    return connection;
  }

  private constructor(connection: Connection, broker: Broker, address: string, options: OpenOptions) {
    this.#connection = connection;
    this.#broker = broker;
    this.#address = address;
    this.#clientId = Buffer.from(options.clientId, 'utf8');
    this.#onClosed = options.onClosed;
  }

  /** The SASL session is over and has to be renewed, with `authenticate()`, while nothing is in flight. */
  get needsAuthentication(): boolean {
    return this.#connection.sasl !== null && !this.#connection.isAuthenticated();
  }

  async authenticate(): Promise<void> {
    try {
      await this.#connection.authenticate();
    } catch (cause) {
      this.destroy(cause);
      throw asFailure(cause, `Signing in to ${this.#address} failed`);
    }
  }

  /**
   * Resolves to the answer behind its header, or to null for a request without one, when it is written. Synchronous up to the
   * socket, so that requests go out in the order of the calls.
   */
  request(request: WireRequest, timeoutMs: number): Promise<Buffer | null> {
    return new Promise<Buffer | null>((resolve, reject) => {
      if (this.#closed) return reject(new NetworkFailure(`The connection to ${this.#address} is closed.`));
      const { apiKey, apiName, apiVersion, expectResponse = true } = request;
      const correlationId = this.#connection.nextCorrelationId();
      const fail = (cause: Error) => {
        // As in Java, a request without an answer ends the connection: what comes behind it may never be answered either.
        // Not at once: kafkajs may be walking through its requests to reject them.
        queueMicrotask(() => this.destroy(cause));
        reject(asFailure(cause, `${apiName} to ${this.#address} got no answer`));
      };
      // Without an answer to wait for, kafkajs resolves before the socket has taken the bytes: the callback of write() counts.
      const written = expectResponse ? undefined : () => resolve(null);
      const answered = ({ payload }: { payload: Buffer | null }) => {
        if (expectResponse) resolve(payload);
      };
      try {
        this.#connection.requestQueue.push({
          entry: { apiKey, apiName, apiVersion, correlationId, resolve: answered, reject: fail },
          expectResponse,
          requestTimeout: timeoutMs,
          sendRequest: () => this.#write(this.#frame(request, correlationId), written, fail),
        });
      } catch (cause) {
        fail(cause as Error);
      }
    });
  }

  /** Ends the connection at once; what is in flight rejects. Bytes that the socket still holds are never sent. */
  destroy(cause: unknown = new Error('it was closed by this client')): void {
    if (this.#closed) return;
    this.#closed = true;
    const connection = this.#connection;
    connection.rejectRequests(cause instanceof Error ? cause : new Error(String(cause)));
    connection.requestQueue.destroy();
    connection.connectionStatus = 'disconnected';
    connection.socket?.destroy();
    this.#onClosed?.();
    this.#onClosed = undefined;
  }

  async #setUp(setupTimeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      // kafkajs has no timeout on SASL: without this one a broker that stops answering would be waited for for ever.
      timer = setTimeout(
        () => reject(new Error(`it was not set up within ${setupTimeoutMs} ms`)),
        setupTimeoutMs,
      );
    });
    try {
      await Promise.race([this.#broker.connect(), tooLate]);
    } catch (cause) {
      this.#onClosed = undefined;
      this.destroy(cause);
      throw asFailure(cause, `There is no connection to ${this.#address}`);
    } finally {
      clearTimeout(timer);
    }
    const socket = this.#connection.socket!;
    for (const event of ['end', 'error', 'close']) {
      socket.once(event, (cause?: unknown) =>
        this.destroy(cause instanceof Error ? cause : new Error('it was lost')),
      );
    }
    // It can have been lost between kafkajs's last answer and these listeners.
    if (socket.destroyed || socket.readableEnded) this.destroy(new Error('it was lost'));
  }

  #frame({ apiKey, apiVersion, flexible, body }: WireRequest, correlationId: number): Buffer[] {
    const headerSize = 10 + this.#clientId.length + (flexible ? 1 : 0);
    const bodySize = body.reduce((sum, part) => sum + part.length, 0);
    const header = Buffer.allocUnsafe(4 + headerSize);
    header.writeInt32BE(headerSize + bodySize, 0);
    header.writeInt16BE(apiKey, 4);
    header.writeInt16BE(apiVersion, 6);
    header.writeInt32BE(correlationId, 8);
    header.writeInt16BE(this.#clientId.length, 12);
    this.#clientId.copy(header, 14);
    if (flexible) header[header.length - 1] = 0;
    return [header, ...body];
  }

  /** In one system call, without joining the parts first. */
  #write(parts: readonly Buffer[], written: (() => void) | undefined, fail: (error: Error) => void): void {
    const socket = this.#connection.socket!;
    socket.cork();
    for (let index = 0; index < parts.length - 1; index++) socket.write(parts[index]!);
    socket.write(parts[parts.length - 1]!, (error) => {
      if (error) fail(error);
      else written?.();
    });
    socket.uncork();
  }
}

/** kafkajs's own leaves Nagle's algorithm on, which holds a small request back for up to 40 ms. */
function createSocket(
  options: HostAndPort & { ssl: tls.ConnectionOptions | null; onConnect: () => void },
): net.Socket {
  const { host, port, ssl, onConnect } = options;
  const socket =
    ssl === null
      ? net.connect({ host, port }, onConnect)
      : tls.connect({ host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
  return socket;
}

function asFailure(cause: unknown, what: string): NetworkFailure {
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  const Failure = name === 'KafkaJSSASLAuthenticationError' ? AuthenticationFailure : NetworkFailure;
  return new Failure(`${what}: ${message}.`, { cause });
}
