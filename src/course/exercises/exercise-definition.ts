/** All that the course knows of one exercise besides its files: order, words, where to read on. */
export interface ExerciseDefinition {
  /** Number and name, as in the folder: `06-key-partitioner`. */
  readonly slug: string;
  readonly title: string;
  /** The files that a learner edits, inside `exercises/<slug>/`; the first is the one that graders import. */
  readonly files: readonly string[];
  /**
   * Values of `src/producer/index` that an answer may import, besides the error classes and all types: none of what the
   * exercise asks for. Without a list there are none.
   */
  readonly mayImport?: readonly string[];
  /** Points for each test; 1 without it. Less where guessing is easy. */
  readonly pointsPerTest?: number;
  /** The notebook that prepares for it. */
  readonly notebook: string;
  /** From a nudge to nearly there. */
  readonly hints: readonly [string, string, string];
  /** Shown on passing: what was learnt, and how Java does it. */
  readonly learnt: string;
}
