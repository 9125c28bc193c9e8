import { AuthenticationError } from '../protocol/errors';
import type { Clock } from '../support/clock';
import type { HostAndPort } from './connection-options';
import type { KafkaJsConnection } from './kafkajs-internals';
import { NetworkFailure } from './network-client';

/** What the connection of a node needs of its client. */
export interface NodeConnectionOptions {
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of the backoff. */
  readonly random: () => number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly maxInFlightRequests: number;
  /** A connection that is not open yet. `onClosed` is called once when it is lost after it was open. */
  readonly newConnection: (address: HostAndPort, onClosed: () => void) => KafkaJsConnection;
  /** Something changed for which somebody may be waiting. */
  readonly changed: () => void;
  /** Calls `changed()` when this time of the clock has come. */
  readonly changedAt: (dueMs: number) => void;
}

/** `reconnect.backoff.ms` varies by this share, so that clients do not come in step. */
const RECONNECT_JITTER = 0.2;

/**
 * The one connection to a broker, or to an address to begin with: opened when it is first asked for, and replaced when it is
 * lost. Java's `NodeConnectionState`.
 */
export class NodeConnection {
  readonly address: HostAndPort;
  readonly #options: NodeConnectionOptions;
  #connection: KafkaJsConnection | null = null;
  #opening: { readonly connection: KafkaJsConnection; readonly done: Promise<void> } | null = null;
  #authenticating: Promise<void> | null = null;
  #authenticationError: AuthenticationError | null = null;
  #failedAttempts = 0;
  /** Not before this time is another connection tried. */
  #retryAtMs = 0;
  #throttledUntilMs = 0;

  constructor({ host, port }: HostAndPort, options: NodeConnectionOptions) {
    this.address = { host, port };
    this.#options = options;
  }

  /** null while there is none that is open. */
  get connection(): KafkaJsConnection | null {
    return this.#connection;
  }

  get inFlight(): number {
    return this.#connection?.inFlight ?? 0;
  }

  /** Why the last attempt to connect or to sign in was refused; null when it was not. */
  get authenticationError(): AuthenticationError | null {
    return this.#authenticationError;
  }

  get needsAuthentication(): boolean {
    return this.#connection?.needsAuthentication === true;
  }

  get isThrottled(): boolean {
    return this.#throttledUntilMs > this.#options.clock.now();
  }

  get isConnecting(): boolean {
    return this.#opening !== null;
  }

  /** No connection, none on its way, and no backoff. */
  get canConnect(): boolean {
    return (
      this.#connection === null && this.#opening === null && this.#retryAtMs <= this.#options.clock.now()
    );
  }

  /** Whether a request could be written now. If not, does what it takes to make it so. */
  ready(): boolean {
    if (this.#connection === null) {
      if (this.canConnect) this.connect().catch(failureIsKept);
      return false;
    }
    if (this.needsAuthentication) {
      this.authenticate()?.catch(failureIsKept);
      return false;
    }
    return !this.isThrottled && this.inFlight < this.#options.maxInFlightRequests;
  }

  /** The attempt that is under way, or another. Its failure starts the backoff. */
  connect(): Promise<void> {
    if (this.#opening !== null) return this.#opening.done;
    const connection = this.#options.newConnection(this.address, () => this.#lost(connection));
    const done = this.#open(connection);
    this.#opening = { connection, done };
    return done;
  }

  /** Signs in once more before the session ends; null while requests are in flight, whose time must not count for it. */
  authenticate(): Promise<void> | null {
    if (this.#authenticating !== null) return this.#authenticating;
    const connection = this.#connection;
    if (connection === null || connection.inFlight > 0) return null;
    return (this.#authenticating = this.#signIn(connection));
  }

  /** How long the broker asked this client to wait (KIP-219). A deadline that is later already stays. */
  throttle(throttleTimeMs: number): void {
    if (throttleTimeMs <= 0) return;
    const untilMs = this.#options.clock.now() + throttleTimeMs;
    if (untilMs <= this.#throttledUntilMs) return;
    this.#throttledUntilMs = untilMs;
    this.#options.changedAt(untilMs);
  }

  /** Ends the connection, and the attempt to make one. */
  disconnect(cause?: Error): void {
    this.#opening?.connection.destroy(cause);
    this.#connection?.destroy(cause);
  }

  async #open(connection: KafkaJsConnection): Promise<void> {
    try {
      await connection.open();
      const { host, port } = this.address;
      // It can have been lost before anybody had it.
      if (!connection.isOpen) throw new NetworkFailure(`The connection to ${host}:${port} was lost at once.`);
      this.#connection = connection;
      this.#failedAttempts = 0;
      this.#authenticationError = null;
    } catch (error) {
      this.#refused(error);
      this.#backOff();
      throw error;
    } finally {
      this.#opening = null;
      this.#options.changed();
    }
  }

  async #signIn(connection: KafkaJsConnection): Promise<void> {
    try {
      await connection.authenticate();
    } catch (error) {
      this.#refused(error); // the connection is gone, and the backoff has begun
      throw error;
    } finally {
      this.#authenticating = null;
      this.#options.changed();
    }
  }

  #refused(error: unknown): void {
    this.#authenticationError = error instanceof AuthenticationError ? error : null;
  }

  #lost(connection: KafkaJsConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    this.#backOff();
  }

  /** `reconnect.backoff.ms`, doubled with each failure up to `reconnect.backoff.max.ms`, give or take the jitter. */
  #backOff(): void {
    const { clock, random, reconnectBackoffMs, reconnectBackoffMaxMs, changedAt } = this.#options;
    const exponentialMs = Math.min(reconnectBackoffMs * 2 ** this.#failedAttempts, reconnectBackoffMaxMs);
    const delayMs = exponentialMs * (1 + RECONNECT_JITTER * (2 * random() - 1));
    this.#failedAttempts++;
    this.#retryAtMs = clock.now() + delayMs;
    changedAt(this.#retryAtMs);
  }
}

/** Whoever asks next finds it: in the backoff, and in `authenticationError`. */
function failureIsKept(): void {}
