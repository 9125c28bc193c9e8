/** Kept and moved on by the functions below. */
export interface RandomGenerator {
  next(): number;
}
export declare function xoroshiro128plus(seed: number): RandomGenerator;
/** A whole number, both ends included. */
export declare function uniformInt(generator: RandomGenerator, from: number, to: number): number;
/** From 0 up to, not including, 1, with 53 random bits. */
export declare function uniformFloat64(generator: RandomGenerator): number;
