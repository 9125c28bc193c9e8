import { AuthenticationError } from '../protocol/errors';
import type { Clock } from '../support/clock';
import type { SimulatedConnection } from './simulated-connection';

export interface SimulatedNodeOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxInFlightRequests: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly connectMs: () => number;
  /** Throws what a broker refuses a connection with. */
  readonly open: (onClosed: () => void) => SimulatedConnection;
  /** Something changed for which somebody may be waiting. */
  readonly changed: () => void;
}

const RECONNECT_JITTER = 0.2;

/** A client's one connection to a broker, with the rules of `NodeConnection` in src/network. */
export class SimulatedNode {
  readonly #options: SimulatedNodeOptions;
  #connection: SimulatedConnection | null = null;
  #connecting: Promise<void> | null = null;
  #authenticationError: AuthenticationError | null = null;
  #failedAttempts = 0;
  #retryAtMs = -Infinity;
  #throttledUntilMs = -Infinity;
  #cancelTimers = new Set<() => void>();
  #closed = false;

  constructor(
    readonly id: number,
    options: SimulatedNodeOptions,
  ) {
    this.#options = options;
  }

  get connection(): SimulatedConnection | null {
    return this.#connection;
  }

  get inFlight(): number {
    return this.#connection?.inFlight ?? 0;
  }

  /** For choosing among brokers: one that has asked this client to wait comes last. */
  get load(): number {
    return this.#isThrottled ? Infinity : this.inFlight;
  }

  get authenticationError(): AuthenticationError | null {
    return this.#authenticationError;
  }

  get isConnecting(): boolean {
    return this.#connecting !== null;
  }

  /** No connection, none on its way, and no backoff. */
  get canConnect(): boolean {
    const idle = this.#connection === null && this.#connecting === null && !this.#closed;
    return idle && this.#retryAtMs <= this.#options.clock.now();
  }

  /** Whether a request could be written now. If not, does what it takes to make it so. */
  ready(): boolean {
    if (this.#connection === null) {
      if (this.canConnect) this.connect().catch(failureIsKept);
      return false;
    }
    return !this.#isThrottled && this.inFlight < this.#options.maxInFlightRequests;
  }

  /** The attempt that is under way, or another. Its failure starts the backoff. */
  connect(): Promise<void> {
    if (this.#connecting !== null) return this.#connecting;
    this.#connecting = new Promise((resolve, reject) => {
      this.#after(this.#options.connectMs(), () => {
        this.#connecting = null;
        try {
          this.#opened(this.#options.open(() => this.#lost()));
          resolve();
        } catch (error) {
          this.#authenticationError = error instanceof AuthenticationError ? error : null;
          this.#backOff();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        this.#options.changed();
      });
    });
    return this.#connecting;
  }

  /** How long the broker asked this client to wait. A deadline that is later already stays. */
  throttle(throttleTimeMs: number): void {
    if (throttleTimeMs <= 0) return;
    const untilMs = this.#options.clock.now() + throttleTimeMs;
    if (untilMs <= this.#throttledUntilMs) return;
    this.#throttledUntilMs = untilMs;
    this.#after(throttleTimeMs, this.#options.changed);
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancelTimers) cancel();
    this.#cancelTimers.clear();
    this.#connection?.close('The network client was closed.', { whatIsOnItsWay: 'arrives' });
  }

  get #isThrottled(): boolean {
    return this.#throttledUntilMs > this.#options.clock.now();
  }

  #opened(connection: SimulatedConnection): void {
    this.#connection = connection;
    this.#failedAttempts = 0;
    this.#authenticationError = null;
  }

  #lost(): void {
    this.#connection = null;
    this.#backOff();
  }

  #backOff(): void {
    const { clock, random, reconnectBackoffMs, reconnectBackoffMaxMs, changed } = this.#options;
    const exponentialMs = Math.min(reconnectBackoffMs * 2 ** this.#failedAttempts, reconnectBackoffMaxMs);
    const delayMs = Math.ceil(exponentialMs * (1 + RECONNECT_JITTER * (2 * random() - 1)));
    this.#failedAttempts++;
    this.#retryAtMs = clock.now() + delayMs;
    this.#after(delayMs, changed);
  }

  #after(ms: number, fn: () => void): void {
    if (this.#closed) return;
    const cancel = this.#options.clock.after(ms, () => {
      this.#cancelTimers.delete(cancel);
      fn();
    });
    this.#cancelTimers.add(cancel);
  }
}

/** Whoever asks next finds it: in the backoff, and in `authenticationError`. */
function failureIsKept(): void {}
