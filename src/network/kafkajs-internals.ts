/**
 * The only file that knows the inside of kafkajs, which is pinned to 2.2.4: what its public producer cannot do (see DESIGN.md)
 * needs its connections, not its producer. Used are its socket handling, API version exchange, SASL and request queue.
 */
import Broker from 'kafkajs/src/broker';
import ConnectionPool from 'kafkajs/src/network/connectionPool';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { types } from 'node:util';
import { SslAuthenticationError, UnsupportedVersionError } from '../protocol/errors';
import { FrameSplitter } from '../protocol/frame-splitter';
import { requestFrame } from '../protocol/request-frame';
import type { WireRequest } from '../protocol/requests';
import { createBrokerSocket, isTlsAlert, writeParts } from './broker-socket';
import type { BrokerSocketOptions } from './broker-socket';
import { connectionError, networkFailure } from './connection-error';
import type { NodeError } from './connection-error';
import type { HostAndPort, KafkaConnectionOptions } from './connection-options';

// After every response kafkajs sets a timer for requests that wait, with a negative delay when none does: Node 24 warns
// of each first one (TimeoutNegativeWarning), and a fast producer pays for a timer per request. Nothing waits, no timer.
const scheduleWithPending = RequestQueue.prototype.scheduleCheckPendingRequests;
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.pending.length > 0) scheduleWithPending.call(this);
};

/** kafkajs looks for timed-out requests this often, and takes no shorter timeout than its own default. */
const TIMEOUT_CHECK_MS = 100;
/** A SASL session is renewed after this share of its lifetime, at random so that many clients do not come together (KIP-368). */
const RENEWAL_SHARE = { from: 0.85, to: 0.95 };

/** What goes wrong is in the errors that requests reject with; kafkajs would print it a second time. */
const silentLogger = {
  namespace: () => silentLogger,
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
};

export interface OpenOptions {
  readonly clientId: string;
  /** For the TCP and TLS handshakes, the version exchange and SASL together; also for each later SASL request. */
  readonly setupTimeoutMs: number;
  /** See `tlsOptions`. */
  readonly tls: tls.ConnectionOptions | null;
  readonly sasl?: KafkaConnectionOptions['sasl'];
  /** From 0 to below 1. */
  readonly random?: () => number;
  /** Once, when an open connection is gone, whoever ended it. Requests in flight have been rejected by then. */
  readonly onClosed?: () => void;
}

type Connection = ConnectionPool['pool'][number];

/** One connection to one broker. It is never revived: a lost connection is replaced by a new one. */
export class KafkaJsConnection {
  readonly #options: OpenOptions;
  readonly #address: string;
  readonly #connection: Connection;
  readonly #broker: Broker;
  readonly #frames = new FrameSplitter();
  #opening: Promise<void> | null = null;
  #state: 'new' | 'open' | 'closed' = 'new';
  #failOpening: (cause: unknown) => void = () => {};
  #socketError: NodeError | null = null;
  #requestError: unknown = null;
  /** To a request of our own. */
  #hasResponse = false;
  #inFlight = 0;

  /** Nothing is opened yet. */
  constructor({ host, port }: HostAndPort, options: OpenOptions) {
    this.#options = options;
    this.#address = `${host}:${port}`;
    const connectionPool = new ConnectionPool({
      host,
      port,
      socketFactory: (socketOptions: BrokerSocketOptions) => this.#createSocket(socketOptions),
      logger: silentLogger,
      clientId: options.clientId,
      ssl: options.tls,
      // A copy: kafkajs puts a function of its own into it, and the caller's options go to other processes too.
      sasl: options.sasl ? { ...options.sasl } : null,
      connectionTimeout: options.setupTimeoutMs,
      requestTimeout: TIMEOUT_CHECK_MS,
      enforceRequestTimeout: true,
    });
    this.#broker = new Broker({ connectionPool, logger: silentLogger, nodeId: null });
    this.#connection = connectionPool.pool[0]!;
    this.#connection.processData = (chunk) => this.#receive(chunk);
    const send = this.#connection.send.bind(this.#connection);
    this.#connection.send = (request) => this.#sendDuringSetup(() => send(this.#withTimeout(request)));
  }

  /**
   * Resolves when requests can be made. Rejects with a NetworkFailure when the broker cannot be reached or `destroy()` is called
   * meanwhile, and with an AuthenticationError when the broker or this client refuses the other. A second call returns the
   * promise of the first.
   */
  open(): Promise<void> {
    return (this.#opening ??= this.#setUp());
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Requests that have not settled yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The SASL session is about to end and has to be renewed, with `authenticate()`, before the next request. */
  get needsAuthentication(): boolean {
    return this.#connection.sasl !== null && !this.#connection.isAuthenticated();
  }

  /** Rejects as `open()` does. No other request may be made before it has settled. */
  async authenticate(): Promise<void> {
    try {
      await this.#connection.authenticate();
      this.#renewSessionInTime();
    } catch (cause) {
      const error = this.#explain('The sign-in to', cause);
      this.destroy(error);
      throw error;
    }
  }

  /** `request()` with its response read. One that makes no sense ends the connection, which has come out of step: a NetworkFailure. */
  async ask<T>(request: WireRequest, timeoutMs: number, decode: (payload: Buffer) => T): Promise<T> {
    const payload = await this.request(request, timeoutMs);
    try {
      return decode(payload!);
    } catch (cause) {
      const failure = networkFailure(
        `Broker ${this.#address} sent a ${request.apiName} response that cannot be read`,
        cause,
      );
      this.destroy(failure);
      throw failure;
    }
  }

  /**
   * Resolves to the response behind its correlation id, or to null for a request without one, when it is written. Synchronous
   * up to the socket, so that requests go out in the order of the calls. Rejects with a NetworkFailure when there is no
   * response, and with an UnsupportedVersionError, without sending, when the broker is too old.
   */
  request(request: WireRequest, timeoutMs: number): Promise<Buffer | null> {
    this.#inFlight++;
    return this.#push(request, timeoutMs).finally(() => this.#inFlight--);
  }

  /** Ends the connection at once; what is in flight rejects. Bytes that the socket still holds are never sent. */
  destroy(cause: unknown = new Error('it was closed by this client')): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    const error = types.isNativeError(cause) ? cause : new Error(String(cause));
    const connection = this.#connection;
    // The set-up may be between two requests: kafkajs would open another socket for the next.
    connection.connect = () => Promise.reject(error);
    connection.rejectRequests(error);
    connection.requestQueue.destroy();
    connection.connectionStatus = 'disconnected';
    // With an error, or kafkajs would not notice while it connects, and keep the process alive until its own timeout.
    connection.socket?.destroy(error);
    this.#failOpening(error);
    if (wasOpen) this.#options.onClosed?.();
  }

  async #setUp(): Promise<void> {
    const { setupTimeoutMs } = this.#options;
    const failed = new Promise<never>((_resolve, reject) => (this.#failOpening = reject));
    // kafkajs has no timeout on SASL as a whole: a broker that stops responding would be waited for without end.
    const timer = setTimeout(
      () => this.destroy(new Error(`it was not set up within ${setupTimeoutMs} ms`)),
      setupTimeoutMs,
    );
    try {
      if (this.#state === 'closed') throw new Error('it was closed by this client');
      await Promise.race([this.#broker.connect(), failed]);
      this.#listenToSocket();
      this.#state = 'open';
      this.#renewSessionInTime();
    } catch (cause) {
      const error = this.#explain('There is no connection to', cause);
      this.destroy(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #listenToSocket(): void {
    const socket = this.#connection.socket!;
    // It can have been lost between kafkajs's last response and now.
    if (socket.destroyed || socket.readableEnded) throw new Error('it was lost');
    for (const event of ['end', 'error', 'close']) {
      socket.once(event, (cause?: unknown) => this.destroy(cause ?? new Error('it was lost')));
    }
  }

  /** kafkajs would renew it 10 s before its end, which for a session of 10 s is always. */
  #renewSessionInTime(): void {
    const { random = Math.random } = this.#options;
    const share = RENEWAL_SHARE.from + (RENEWAL_SHARE.to - RENEWAL_SHARE.from) * random();
    const lifetimeMs = this.#connection.sessionLifetime.toNumber();
    this.#connection.reauthenticationThreshold = Math.ceil(lifetimeMs * (1 - share));
  }

  #explain(attempt: string, cause: unknown) {
    const { socket } = this.#connection;
    return connectionError({
      address: this.#address,
      what: `${attempt} ${this.#address}`,
      cause,
      requestError: this.#requestError,
      socketError: this.#socketError,
      tlsSocket: socket instanceof tls.TLSSocket ? socket : null,
      sasl: this.#options.sasl ?? null,
    });
  }

  // ---- kafkajs's own requests: versions and SASL ---------------------------------------------------------------------

  #withTimeout(request: object): object {
    // Without one they would get TIMEOUT_CHECK_MS, which is how long a broker waits before it refuses a password.
    return { requestTimeout: this.#options.setupTimeoutMs, ...request };
  }

  async #sendDuringSetup<T>(send: () => Promise<T>): Promise<T> {
    this.#requestError = null;
    try {
      return await send();
    } catch (error) {
      this.#requestError = error;
      throw error;
    }
  }

  // ---- bytes ---------------------------------------------------------------------------------------------------------

  /** In place of kafkajs's own, which throws out of the socket's event when bytes make no sense, or waits for gigabytes. */
  #receive(chunk: Buffer): void {
    if (this.#state === 'closed') return;
    try {
      if (this.#state === 'new' && this.#options.tls === null && isTlsAlert(chunk)) throw this.#tlsExpected();
      for (const frame of this.#frames.push(chunk)) this.#fulfill(frame);
    } catch (cause) {
      this.destroy(cause);
    }
  }

  #tlsExpected(): SslAuthenticationError {
    return new SslAuthenticationError(
      `Broker ${this.#address} expects TLS on this port, and this client connected without: set security.protocol to SSL or SASL_SSL.`,
    );
  }

  #fulfill(frame: Buffer): void {
    const correlationId = frame.readInt32BE(4);
    const { requestQueue } = this.#connection;
    if (!requestQueue.inflight.has(correlationId)) {
      throw new Error(`a response came for no request that is in flight (correlation id ${correlationId})`);
    }
    this.#hasResponse ||= this.#state === 'open';
    requestQueue.fulfillRequest({ size: frame.length - 4, correlationId, payload: frame.subarray(8) });
  }

  #push(request: WireRequest, timeoutMs: number): Promise<Buffer | null> {
    return new Promise<Buffer | null>((resolve, reject) => {
      if (this.#state !== 'open')
        return reject(networkFailure(`The connection to ${this.#address} is closed`, 'it was lost'));
      const unsupported = this.#unsupported(request);
      if (unsupported !== null) return reject(unsupported);
      const { apiKey, apiName, apiVersion, expectResponse = true } = request;
      const correlationId = this.#connection.nextCorrelationId();
      const fail = (cause: Error) => {
        // As in Java, a request without a response ends the connection: what comes behind it may never get one either.
        // Not at once: kafkajs may be walking through its requests to reject them.
        queueMicrotask(() => this.destroy(cause));
        reject(networkFailure(`${apiName} to ${this.#address} got no response${this.#hint(cause)}`, cause));
      };
      // Without a response to wait for, kafkajs resolves before the socket has taken the bytes: the callback of write() counts.
      const written = expectResponse ? undefined : () => resolve(null);
      const fulfilled = ({ payload }: { payload: Buffer | null }) => {
        if (expectResponse) resolve(payload);
      };
      try {
        this.#connection.requestQueue.push({
          entry: { apiKey, apiName, apiVersion, correlationId, resolve: fulfilled, reject: fail },
          expectResponse,
          requestTimeout: timeoutMs,
          sendRequest: () => {
            const parts = requestFrame(request, correlationId, this.#options.clientId);
            writeParts(this.#connection.socket!, parts, (error) => (error ? fail(error) : written?.()));
          },
        });
      } catch (cause) {
        fail(cause as Error);
      }
    });
  }

  /** Without SASL where it is expected, nobody is told why the connection ends (Java's clients neither): it looks like a broken network. */
  #hint({ name }: Error): string {
    const closedAtOnce = name === 'KafkaJSConnectionClosedError' && !this.#hasResponse;
    if (this.#connection.sasl !== null || !closedAtOnce) return '';
    return ' (a broker that expects SASL closes the connections of clients that do not sign in)';
  }

  /** Sent all the same, it would end the connection without a word. */
  #unsupported({ apiKey, apiName, apiVersion }: WireRequest): UnsupportedVersionError | null {
    const range = this.#broker.versions?.[apiKey];
    if (range !== undefined && range.minVersion <= apiVersion && apiVersion <= range.maxVersion) return null;
    const offer = range === undefined ? 'none' : `${range.minVersion} to ${range.maxVersion}`;
    return new UnsupportedVersionError(
      `Broker ${this.#address} does not take version ${apiVersion} of ${apiName} (it offers ${offer}): use Kafka 3.7 or later.`,
    );
  }

  #createSocket(options: BrokerSocketOptions): Socket {
    const socket = createBrokerSocket(options);
    // Before kafkajs, which keeps only the text.
    socket.on('error', (error: NodeError) => (this.#socketError ??= error));
    return socket;
  }
}
