import type { Clock } from '../support/clock';

interface VirtualTimer {
  readonly dueMs: number;
  readonly order: number;
  /** null once it was cancelled. */
  fn: (() => void) | null;
}

/** Where virtual time begins: a moment at which every broker would accept a record's timestamp. */
export const VIRTUAL_START_MS = 1_700_000_000_000;

/**
 * Virtual time: it moves from timer to timer, as far as the simulation asks. Timers fire in the order in which they are due;
 * those that are due at the same time fire in the order in which they were set. All times are whole milliseconds.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #created = 0;
  #pending = 0;
  /** A binary heap, the next timer first. Cancelled timers stay in it until they come first. */
  readonly #heap: VirtualTimer[] = [];

  constructor(startMs = VIRTUAL_START_MS) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, fn: () => void): () => void {
    // As Node's timers: whole milliseconds, and at least one. Only 0 is allowed to mean "at this moment, but later".
    const delayMs = ms > 0 ? Math.max(1, Math.trunc(ms)) : 0;
    const timer: VirtualTimer = { dueMs: this.#nowMs + delayMs, order: this.#created++, fn };
    this.#pending++;
    this.#push(timer);
    return () => {
      if (timer.fn === null) return;
      timer.fn = null;
      this.#pending--;
    };
  }

  /** How many timers wait: 0 once everything that was started has ended or was cancelled. */
  get pending(): number {
    return this.#pending;
  }

  /** When the next timer is due, or null if there is none. */
  get nextDueMs(): number | null {
    while (this.#heap.length > 0 && this.#heap[0]!.fn === null) this.#pop();
    return this.#heap[0]?.dueMs ?? null;
  }

  /** Moves time to the next timer and fires it. False if there is none. */
  fireNext(): boolean {
    if (this.nextDueMs === null) return false;
    const timer = this.#pop();
    const { fn } = timer;
    timer.fn = null;
    this.#pending--;
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    fn!();
    return true;
  }

  #push(timer: VirtualTimer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): VirtualTimer {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let at = 0;
      for (let child = 1; child < heap.length; child = 2 * at + 1) {
        if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
        if (!isBefore(heap[child]!, last)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
    }
    return first;
  }
}

function isBefore(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
