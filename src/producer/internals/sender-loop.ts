import { performance } from 'node:perf_hooks';
import type { Clock } from '../../support/clock';
import { KafkaError } from '../../protocol/errors';
import type { Sender } from './sender';

/** How long sends may go on without a turn of the event loop in between. */
const LONGEST_TURN_MS = 1;
const SENDS_BETWEEN_LOOKS = 256;

/**
 * Runs the sender when there is reason to: Java's I/O thread as events. A step runs in the event loop's check phase, right
 * behind the I/O of the same turn, so that all answers of a turn are dealt with in one step.
 */
export class SenderLoop {
  /** A step threw, which is a mistake in the producer or in a part of it from outside: nothing is sent any more. */
  failure: KafkaError | null = null;
  readonly #sender: Sender;
  readonly #clock: Clock;
  readonly #onFailure: (error: KafkaError) => void;
  #isScheduled = false;
  #isRunning = false;
  #isStopped = false;
  #cancelTimer: () => void = () => {};
  #onStep: (() => void) | null = null;
  #onStopped: (() => void) | null = null;
  #turnStartedAt = 0;
  #sendsSinceLook = 0;
  #nextTurn: Promise<void> | null = null;
  #resolveNextTurn: (() => void) | null = null;

  /** @param onFailure must see to it that nobody goes on waiting */
  constructor(sender: Sender, clock: Clock, onFailure: (error: KafkaError) => void) {
    this.#sender = sender;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** In the middle of a step, that is, called from a callback. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  wakeup(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    setImmediate(this.#step);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
    this.#onStopped?.();
  }

  /** Resolves once nothing waits and nothing is under way; true, or false if `timeoutMs` were over first. */
  idle(timeoutMs: number): Promise<boolean> {
    if (this.#isStopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (isIdle: boolean) => {
        cancel();
        this.#onStep = this.#onStopped = null;
        resolve(isIdle);
      };
      const cancel = this.#clock.after(timeoutMs, () => settle(false));
      this.#onStep = () => {
        if (this.#sender.isIdle) settle(true);
      };
      this.#onStopped = () => settle(false);
      this.wakeup();
    });
  }

  /**
   * A loop of `await send()` runs in microtasks, which come before all I/O: left alone, it would fill the memory while not one
   * byte goes out. So once sends went on for a millisecond, the next one resolves only after a turn of the event loop.
   * null: go on.
   */
  nextTurnIfDue(look: boolean): Promise<void> | null {
    if (!look && ++this.#sendsSinceLook < SENDS_BETWEEN_LOOKS) return null;
    this.#sendsSinceLook = 0;
    const now = performance.now();
    if (this.#turnStartedAt === 0) {
      this.#turnStartedAt = now;
      setImmediate(this.#turnEnded);
      return null;
    }
    if (now - this.#turnStartedAt < LONGEST_TURN_MS) return null;
    return this.#nextTurn ?? this.#startWaiting();
  }

  /** Of its own, since a closure in nextTurnIfDue() would cost every send a context. */
  #startWaiting(): Promise<void> {
    return (this.#nextTurn = new Promise((resolve) => (this.#resolveNextTurn = resolve)));
  }

  readonly #turnEnded = (): void => {
    this.#turnStartedAt = 0;
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
      timeoutMs = this.#sender.runOnce();
    } catch (thrown) {
      this.#fail(thrown);
      return;
    } finally {
      this.#isRunning = false;
    }
    this.#onStep?.();
    if (timeoutMs <= 0) this.wakeup();
    else if (timeoutMs < Number.MAX_SAFE_INTEGER && !this.#isScheduled) this.#wakeupAfter(timeoutMs);
  };

  /** Left to itself the exception would end the process, and half a step leaves batches behind that nobody would look for. */
  #fail(thrown: unknown): void {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.failure = new KafkaError(`The sender of the producer failed, and nothing more is sent: ${reason}`, {
      cause: thrown,
    });
    this.stop();
    this.#onFailure(this.failure);
  }

  #wakeupAfter(timeoutMs: number): void {
    this.#cancelTimer = this.#clock.after(timeoutMs, () => this.wakeup());
  }
}
