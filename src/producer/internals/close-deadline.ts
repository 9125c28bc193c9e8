import type { Clock } from '../../support/clock';

/** How long a `close()` may take. A later call of close() with less time shortens it. */
export class CloseDeadline {
  /** Resolves when the time is over. */
  readonly over: Promise<void>;
  isOver = false;
  readonly #clock: Clock;
  #dueMs = Infinity;
  #cancel: () => void = () => {};
  #resolve: () => void = () => {};

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.over = new Promise((resolve) => (this.#resolve = resolve));
    this.shortenTo(timeoutMs);
  }

  /** `timeoutMs` from now, unless the time is over before that anyway. */
  shortenTo(timeoutMs: number): void {
    const dueMs = this.#clock.now() + timeoutMs;
    if (this.isOver || dueMs >= this.#dueMs) return;
    this.#cancel();
    this.#dueMs = dueMs;
    if (timeoutMs === 0) this.#expire();
    else this.#cancel = this.#clock.after(timeoutMs, () => this.#expire());
  }

  cancel(): void {
    this.#cancel();
  }

  #expire(): void {
    this.isOver = true;
    this.#resolve();
  }
}
