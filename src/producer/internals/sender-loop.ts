import { KafkaError } from '../../protocol/errors';
import type { Clock } from '../../support/clock';
import type { EventLoop } from '../../support/event-loop';
import { textOf } from '../user-code';
import type { Sender } from './sender';

/** How long sends may go on without a turn of the event loop in between. */
const LONGEST_TURN_MS = 1;
const SENDS_BETWEEN_LOOKS = 256;

export interface SenderLoopOptions {
  readonly sender: Sender;
  readonly clock: Clock;
  readonly eventLoop: EventLoop;
  /** A step threw. Must settle everything that is open, and must not throw. */
  readonly onFailure: (error: KafkaError) => void;
}

/**
 * Runs the sender when there is reason to: Java's I/O thread as events. A step runs in a turn of its own, after the I/O of the
 * event loop, so that all responses that arrived together are handled in one step.
 */
export class SenderLoop {
  /** A step threw, which is a mistake in the producer or in a part of it from outside: nothing is sent any more. */
  failure: KafkaError | null = null;
  readonly #options: SenderLoopOptions;
  #isScheduled = false;
  #isRunning = false;
  #isStopped = false;
  #cancelTimer: () => void = () => {};
  #onIdle: ((isIdle: boolean) => void) | null = null;
  #turnStartedAtMs: number | null = null;
  #sendsSinceLook = 0;
  #nextTurn: Promise<void> | null = null;
  #resolveNextTurn: (() => void) | null = null;

  constructor(options: SenderLoopOptions) {
    this.#options = options;
  }

  /** In the middle of a step, that is, called from a callback. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Runs a step soon. Cheap when one is due already. */
  wakeup(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    // A batch is new or full: a good moment to see how long this turn has taken.
    this.#sendsSinceLook = SENDS_BETWEEN_LOOKS;
    this.#options.eventLoop.nextTurn(this.#step);
  }

  /** No further step. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
    this.#settleIdle(false);
  }

  /** Resolves to true once nothing waits and nothing is under way, or to false when the loop is stopped before. */
  idle(): Promise<boolean> {
    if (this.#isStopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.wakeup();
    });
  }

  /**
   * A loop of `await send()` runs in microtasks, which come before all I/O: left alone, it would fill the memory while not one
   * byte is sent. So once sends went on for a millisecond, the next one resolves only after a turn of the event loop.
   * null: go on.
   */
  nextTurnIfDue(): Promise<void> | null {
    if (++this.#sendsSinceLook < SENDS_BETWEEN_LOOKS) return null;
    this.#sendsSinceLook = 0;
    const { eventLoop } = this.#options;
    const nowMs = eventLoop.elapsedMs();
    if (this.#turnStartedAtMs === null) {
      this.#turnStartedAtMs = nowMs;
      eventLoop.nextTurn(this.#turnEnded);
      return null;
    }
    if (nowMs - this.#turnStartedAtMs < LONGEST_TURN_MS) return null;
    return this.#nextTurn ?? this.#startWaiting();
  }

  /** A method of its own, since a closure in nextTurnIfDue() would cost every send a context. */
  #startWaiting(): Promise<void> {
    return (this.#nextTurn = new Promise((resolve) => (this.#resolveNextTurn = resolve)));
  }

  readonly #turnEnded = (): void => {
    this.#turnStartedAtMs = null;
    this.#nextTurn = null;
    this.#resolveNextTurn?.();
    this.#resolveNextTurn = null;
  };

  readonly #step = (): void => {
    this.#isScheduled = false;
    if (this.#isStopped) return;
    this.#cancelTimer();
    this.#isRunning = true;
    let timeoutMs: number;
    try {
      timeoutMs = this.#options.sender.runOnce();
    } catch (thrown) {
      this.#fail(thrown);
      return;
    } finally {
      this.#isRunning = false;
    }
    if (this.#options.sender.isIdle) this.#settleIdle(true);
    if (timeoutMs <= 0) this.wakeup();
    else if (timeoutMs < Number.MAX_SAFE_INTEGER && !this.#isScheduled) this.#wakeupAfter(timeoutMs);
  };

  /** Unhandled, the exception would end the process, and half a step leaves batches behind that nobody looks at again. */
  #fail(thrown: unknown): void {
    this.failure = new KafkaError(
      `The sender of the producer failed, and nothing more is sent: ${textOf(thrown)}`,
      {
        cause: thrown,
      },
    );
    this.stop();
    this.#options.onFailure(this.failure);
  }

  #settleIdle(isIdle: boolean): void {
    const settle = this.#onIdle;
    this.#onIdle = null;
    settle?.(isIdle);
  }

  #wakeupAfter(timeoutMs: number): void {
    this.#cancelTimer = this.#options.clock.after(timeoutMs, () => this.wakeup());
  }
}
