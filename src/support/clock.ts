/** Time as the producer sees it. Everything that waits takes one, so that a test can step a ManualClock instead of sleeping. */
export interface Clock {
  /** Milliseconds. Only differences mean anything to the producer; record timestamps are wall-clock time. */
  now(): number;
  /** Calls `fn` once, `ms` milliseconds from now, and returns what cancels it. */
  after(ms: number, fn: () => void): () => void;
}

/** setTimeout fires at once for longer delays than this, and linger.ms or max.block.ms may well be Long.MAX_VALUE. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  after(ms: number, fn: () => void): () => void {
    const timer = setTimeout(fn, Math.min(Math.max(ms, 0), LONGEST_TIMEOUT_MS));
    return () => clearTimeout(timer);
  }
}

interface ManualTimer {
  readonly dueMs: number;
  readonly order: number;
  readonly fn: () => void;
}

/** A clock that moves only when told to. Timers fire in the order in which they fall due, at their own time. */
export class ManualClock implements Clock {
  #nowMs: number;
  #created = 0;
  readonly #timers = new Set<ManualTimer>();

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(ms, 0), order: this.#created++, fn };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on by `ms`, firing on its way what falls due, timers set by those timers included. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`A ManualClock only moves forward: advance(${ms}) is not possible.`);
    const targetMs = this.#nowMs + ms;
    for (let next = this.#nextDue(targetMs); next !== undefined; next = this.#nextDue(targetMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.fn();
    }
    this.#nowMs = targetMs;
  }

  /** How many timers are waiting: 0 once everything that was started has been ended or cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  #nextDue(untilMs: number): ManualTimer | undefined {
    let next: ManualTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order)
      ) {
        next = timer;
      }
    }
    return next;
  }
}
