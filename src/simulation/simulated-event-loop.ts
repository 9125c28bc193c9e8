import type { EventLoop } from '../support/event-loop';

/**
 * Turns of an event loop that the simulation runs one by one. Measured time is a count: each look at it moves it on by
 * `costPerLookMs`, so that a producer that measures how long its turn has taken gives way after the same call in each run.
 */
export class SimulatedEventLoop implements EventLoop {
  readonly #turns: (() => void)[] = [];
  readonly #costPerLookMs: number;
  #elapsedMs = 0;

  constructor(costPerLookMs = 0) {
    this.#costPerLookMs = costPerLookMs;
  }

  nextTurn(fn: () => void): void {
    this.#turns.push(fn);
  }

  elapsedMs(): number {
    // Not 0 at the first look, which could stand for "not measured yet".
    return (this.#elapsedMs += this.#costPerLookMs) + 1;
  }

  get pending(): number {
    return this.#turns.length;
  }

  /** The oldest turn, which is no longer pending then, or null. */
  take(): (() => void) | null {
    return this.#turns.shift() ?? null;
  }
}
