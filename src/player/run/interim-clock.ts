import type { Clock } from '../../support/clock';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly fn: () => void;
}

/** Stands in for VirtualClock, with its names, until that is there. */
export class VirtualClock implements Clock {
  #nowMs = 1_700_000_000_000;
  #made = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(ms, 0), order: this.#made++, fn };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get nextDueMs(): number | null {
    return this.#next()?.dueMs ?? null;
  }

  fireNext(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    next.fn();
    return true;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order)
      )
        next = timer;
    }
    return next;
  }
}
