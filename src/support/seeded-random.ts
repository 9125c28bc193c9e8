import { uniformFloat64, uniformInt, xoroshiro128plus } from './pure-rand.cjs';
import type { RandomGenerator } from './pure-rand.cjs';

/** Chance that can be had again: the same seed gives the same numbers on every machine. */
export class SeededRandom {
  readonly #generator: RandomGenerator;

  /** `seed`: any whole number of 32 bits. */
  constructor(readonly seed: number) {
    if (!Number.isInteger(seed)) throw new RangeError(`A seed is a whole number, not ${seed}.`);
    this.#generator = xoroshiro128plus(seed);
  }

  /** In place of Math.random: from 0 up to, not including, 1. Bound, so that it can be handed on. */
  readonly fraction = (): number => uniformFloat64(this.#generator);

  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError('There is nothing to pick from an empty list.');
    return choices[this.integer(0, choices.length - 1)] as T;
  }

  /** From the normal distribution with mean 0 and standard deviation 1 (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.fraction()));
    return radius * Math.cos(2 * Math.PI * this.fraction());
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at++) bytes[at] = this.integer(0, 255);
    return bytes;
  }
}
