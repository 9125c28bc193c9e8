import type { SeededRandom } from '../support/seeded-random';
import { SimulatedEventLoop } from './simulated-event-loop';
import { VirtualClock } from './virtual-clock';

/** No producer has a reason for as many turns at one moment; one that spins has no end. */
const MOST_EVENTS_AT_ONCE = 4000;

/** Once all promises that can go on have gone on: a turn of the real event loop comes after all microtasks. */
const drainMicrotasks: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : throughMessages();

/** In a browser, which has no setImmediate and makes timers wait. */
function throughMessages(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let resolveNext: () => void = () => {};
  port1.addEventListener('message', () => resolveNext());
  port1.start();
  return () =>
    new Promise((resolve) => {
      resolveNext = resolve;
      port2.postMessage(null);
    });
}

/** A virtual clock and the virtual event loops of everything that runs on it, one event after the other. */
export class VirtualWorld {
  readonly clock = new VirtualClock();
  /** At this time the world was found to spin, and nothing has run since. */
  spinningAtMs: number | null = null;
  readonly #random: SeededRandom;
  readonly #loops: SimulatedEventLoop[] = [];
  readonly #onThrow: (thrown: unknown) => void;
  #order = 0;
  #eventsAtOnce = 0;
  #lastMs = 0;

  /** `onThrow` hears what an event throws, which would have ended a process. */
  constructor(random: SeededRandom, onThrow: (thrown: unknown) => void) {
    this.#random = random;
    this.#onThrow = onThrow;
  }

  /** An event loop of its own for each process. */
  newEventLoop(costPerLookMs: number): SimulatedEventLoop {
    const loop = new SimulatedEventLoop(costPerLookMs);
    this.#loops.push(loop);
    return loop;
  }

  /** No event loop has a turn left: everything that has come in has been dealt with. */
  get isCalm(): boolean {
    return this.#loops.every(({ pending }) => pending === 0);
  }

  /** 1, 2, 3, … in the order of asking: what came first. */
  nextOrder(): number {
    return ++this.#order;
  }

  /**
   * Runs event after event until `isDone`, until nothing is left to run, or until the next event would come later than
   * `limitMs()`. Both are asked after each event.
   */
  async run(isDone: () => boolean, limitMs: () => number): Promise<'done' | 'idle' | 'late' | 'spinning'> {
    await drainMicrotasks();
    while (this.spinningAtMs === null) {
      if (isDone()) return 'done';
      const event = this.#nextEvent(limitMs);
      if (typeof event === 'string') return event;
      try {
        event();
      } catch (thrown) {
        this.#onThrow(thrown);
      }
      await drainMicrotasks();
      this.#noticeSpinning();
    }
    return 'spinning';
  }

  #nextEvent(limitMs: () => number): (() => void) | 'idle' | 'late' {
    const dueMs = this.clock.nextDueMs;
    const loops = this.#loops.filter((loop) => loop.pending > 0);
    const isTimerDue = dueMs !== null && dueMs <= this.clock.now();
    // What is due at the same moment may happen in any order.
    const choices = loops.length + (isTimerDue ? 1 : 0);
    const choice = choices > 1 ? this.#random.integer(0, choices - 1) : 0;
    if (choice < loops.length) return loops[choice]!.take()!;
    if (dueMs === null) return 'idle';
    if (dueMs > limitMs()) return 'late';
    return () => void this.clock.fireNext();
  }

  #noticeSpinning(): void {
    const nowMs = this.clock.now();
    if (nowMs !== this.#lastMs) {
      this.#lastMs = nowMs;
      this.#eventsAtOnce = 0;
    } else if (++this.#eventsAtOnce > MOST_EVENTS_AT_ONCE) this.spinningAtMs = nowMs;
  }
}
