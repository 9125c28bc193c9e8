import type { RunFacts } from './run-facts';

/** A promise of the producer: number and words of design.md, "Simulation". */
export interface Invariant {
  readonly number: number;
  readonly promise: string;
  readonly check: (run: RunFacts) => Iterable<Violation>;
}

/** What broke it: one sentence that names records and values. */
export interface Violation {
  readonly message: string;
  /** Names of the records that the story has to tell about. */
  readonly records: readonly string[];
  /** Index of the producer. */
  readonly producer: number;
  /** Virtual time, where there is a moment at which it broke. */
  readonly atMs?: number;
}

export interface BrokenInvariant extends Violation {
  readonly invariant: number;
  readonly promise: string;
}
