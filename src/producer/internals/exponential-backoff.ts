export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** In [0, 1): as Math.random. */
  readonly random: () => number;
}

const MULTIPLIER = 2;
/** From 1 ms, this is longer than any retry.backoff.max.ms. */
const MAX_EXPONENT = 63;
/** KIP-580: a fifth to either side, so that clients that failed together do not come back together. */
const JITTER = 0.2;

/** The wait before a retry: 100, 200, 400 … up to the maximum, each ±20 % (Java's ExponentialBackoff). */
export class ExponentialBackoff {
  readonly #initialMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;

  constructor({ initialMs, maxMs, random }: BackoffOptions) {
    // Java: a maximum below the first wait makes every wait that maximum, without growth.
    this.#initialMs = Math.min(initialMs, maxMs);
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** Milliseconds before the attempt that follows `retries` earlier retries: 0 for the first retry. */
  backoffMs(retries: number): number {
    // The exponent has a limit, as in Java: 2 to the power of 1024 is Infinity, and 0 times that is not a number.
    const grownMs = Math.min(this.#initialMs * MULTIPLIER ** Math.min(retries, MAX_EXPONENT), this.#maxMs);
    const factor = 1 + JITTER * (2 * this.#random() - 1);
    // The cap holds for the jitter too: no wait is ever longer than retry.backoff.max.ms.
    return Math.min(Math.floor(grownMs * factor), this.#maxMs);
  }
}
