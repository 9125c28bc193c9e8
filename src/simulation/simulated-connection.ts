import { NetworkFailure } from '../network/network-client';
import type { Clock } from '../support/clock';
import type { SimulatedFault, SimulatedRequest } from './simulated-request';

/** What a broker sends back: `deliver` hands it to whoever waits. Its throttle time mutes the connection. */
export interface Reply {
  readonly deliver: () => void;
  readonly throttleMs: number;
}

/** A request on its way, and whoever waits for its response. */
export interface Exchange {
  readonly request: SimulatedRequest;
  readonly fault: SimulatedFault | null;
  /** There and back. */
  readonly latencyMs: number;
  readonly timeoutMs: number;
  /** false: acks=0. It is settled as soon as it is written. */
  readonly expectsResponse: boolean;
  /** The socket reads the bytes: what is in them at this moment goes out. Called once at most. */
  readonly read: () => void;
  /** The broker handles it, and calls `respond` once. */
  readonly process: (respond: (reply: Reply | 'nothing' | 'close-connection') => void) => void;
  /** The request is written, and nobody waits for more. */
  readonly written: () => void;
  readonly fail: (failure: NetworkFailure) => void;
}

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly node: number;
  readonly onClosed: () => void;
  /** In plain words, when a fault takes effect. */
  readonly onFault: (what: string) => void;
}

interface Travelling {
  readonly exchange: Exchange;
  hasArrived: boolean;
  isDropped: boolean;
  hasBeenRead: boolean;
  isSettled: boolean;
  cancelTimers: () => void;
}

const KIND_IN_WORDS = {
  produce: 'Produce',
  metadata: 'Metadata',
  'init-producer-id': 'InitProducerId',
} as const;

/**
 * One connection of a client to a broker. Requests arrive in the order in which they were sent; the broker handles one after the
 * other, each only after it has responded to the one before; responses come back in the same order.
 */
export class SimulatedConnection {
  readonly #options: ConnectionOptions;
  readonly #unsettled = new Set<Travelling>();
  readonly #onTheirWay: Travelling[] = [];
  readonly #received: Travelling[] = [];
  readonly #responses: (() => void)[] = [];
  /** The broker handles a request, or reads nothing because of a throttle. */
  #busy = false;
  #brokerGone = false;
  #open = true;
  #lastArrivalMs = 0;
  #lastDeliveryMs = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#unsettled.size;
  }

  send(exchange: Exchange): void {
    const { clock } = this.#options;
    const { fault, latencyMs, timeoutMs } = exchange;
    const one: Travelling = {
      exchange,
      hasArrived: false,
      isDropped: false,
      hasBeenRead: false,
      isSettled: false,
      cancelTimers: () => {},
    };
    this.#unsettled.add(one);
    if (fault?.kind === 'connection-closed') {
      this.#tell(one, 'the connection broke as # was sent');
      return this.close('The connection was closed.', { whatIsOnItsWay: 'is lost' });
    }
    const delayMs = fault?.kind === 'delay' ? (fault.requestMs ?? 0) : 0;
    if (delayMs > 0) this.#tell(one, `# is ${delayMs} ms late`);
    const nowMs = clock.now();
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, nowMs + Math.floor(latencyMs / 2) + delayMs);
    // By turns, not by name: timers that fall due together may fire in any order.
    this.#onTheirWay.push(one);
    clock.after(this.#lastArrivalMs - nowMs, () => this.#arrived(this.#onTheirWay.shift()!));
    one.cancelTimers = exchange.expectsResponse
      ? clock.after(timeoutMs, () => this.#timedOut(one))
      : clock.after(0, () => this.#written(one));
  }

  /**
   * Whatever is in flight fails. What is on its way may still arrive, or is lost; what the broker has got is handled in any
   * case, and nobody hears what becomes of it.
   */
  close(
    why: string,
    { whatIsOnItsWay, cause }: { whatIsOnItsWay: 'arrives' | 'is lost'; cause?: unknown },
  ): void {
    if (!this.#open) return;
    this.#open = false;
    const failure = new NetworkFailure(why, { cause });
    for (const one of [...this.#unsettled]) {
      if (!one.hasArrived) {
        if (whatIsOnItsWay === 'arrives') this.#read(one);
        else one.isDropped = true;
      }
      this.#settle(one, () => one.exchange.fail(failure));
    }
    this.#options.onClosed();
  }

  /** The broker stops: nothing more is handled, either. */
  brokerStopped(): void {
    this.#brokerGone = true;
    this.#received.length = 0;
    this.close(`Broker ${this.#options.node} closed the connection.`, { whatIsOnItsWay: 'is lost' });
  }

  #timedOut({ exchange }: Travelling): void {
    const { node } = this.#options;
    this.close(`A request to broker ${node} timed out after ${exchange.timeoutMs} ms.`, {
      whatIsOnItsWay: 'arrives',
    });
  }

  #written(one: Travelling): void {
    this.#read(one);
    this.#settle(one, one.exchange.written);
  }

  #arrived(one: Travelling): void {
    if (one.isDropped || this.#brokerGone) return;
    const { fault } = one.exchange;
    if (fault?.kind === 'request-lost') {
      this.#tell(one, '# was lost with its connection');
      return this.close('The connection broke.', { whatIsOnItsWay: 'is lost' });
    }
    one.hasArrived = true;
    if (!one.exchange.expectsResponse) this.#written(one);
    this.#read(one);
    this.#received.push(one);
    this.#handleNext();
  }

  #handleNext(): void {
    if (this.#busy || this.#brokerGone) return;
    const one = this.#received.shift();
    if (one === undefined) return;
    this.#busy = true;
    const { fault, process } = one.exchange;
    if (fault?.kind === 'no-response') {
      // The broker hangs: `#busy` stays, and whatever is behind it waits until the client gives up.
      this.#tell(one, fault.processed ? '# is never responded to' : '# is never handled');
      if (fault.processed) process(() => {});
      return;
    }
    process((reply) => this.#handled(one, reply));
  }

  #handled(one: Travelling, reply: Reply | 'nothing' | 'close-connection'): void {
    if (reply === 'close-connection') {
      this.#received.length = 0;
      return this.close(`Broker ${this.#options.node} closed the connection.`, { whatIsOnItsWay: 'is lost' });
    }
    if (reply !== 'nothing') this.#respond(one, reply);
    const throttleMs = reply === 'nothing' ? 0 : reply.throttleMs;
    const goOn = (): void => {
      this.#busy = false;
      this.#handleNext();
    };
    if (throttleMs > 0) this.#options.clock.after(throttleMs, goOn);
    else goOn();
  }

  #respond(one: Travelling, { deliver }: Reply): void {
    const { clock, node } = this.#options;
    const { fault, latencyMs } = one.exchange;
    if (!this.#open) return;
    if (fault?.kind === 'response-lost') {
      this.#tell(one, 'the response to # was lost with its connection');
      return this.close('The connection broke.', { whatIsOnItsWay: 'is lost' });
    }
    const delayMs = fault?.kind === 'delay' ? (fault.responseMs ?? 0) : 0;
    if (delayMs > 0) this.#tell(one, `the response to # is ${delayMs} ms late`);
    const nowMs = clock.now();
    this.#lastDeliveryMs = Math.max(this.#lastDeliveryMs, nowMs + Math.ceil(latencyMs / 2) + delayMs);
    this.#responses.push(() => {
      if (one.isSettled) return;
      if (fault?.kind !== 'malformed' || fault.how !== 'unreadable') return this.#settle(one, deliver);
      this.#tell(one, 'the response to # cannot be read');
      this.close(`Broker ${node} sent a response that cannot be read.`, { whatIsOnItsWay: 'arrives' });
    });
    clock.after(this.#lastDeliveryMs - nowMs, () => this.#responses.shift()!());
  }

  #read(one: Travelling): void {
    if (one.hasBeenRead) return;
    one.hasBeenRead = true;
    one.exchange.read();
  }

  #settle(one: Travelling, settle: () => void): void {
    if (one.isSettled) return;
    one.isSettled = true;
    one.cancelTimers();
    this.#unsettled.delete(one);
    settle();
  }

  #tell({ exchange: { request } }: Travelling, what: string): void {
    this.#options.onFault(
      what.replace('#', `${KIND_IN_WORDS[request.kind]} request ${request.numberOfKind}`),
    );
  }
}
