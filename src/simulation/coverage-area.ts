export interface AreaReport {
  readonly area: string;
  /** How many runs reached each thing, in the order of the list. */
  readonly reached: readonly (readonly [name: string, runs: number])[];
  /** What is in the list and was not reached. */
  readonly never: readonly string[];
}

/** Counts how often each thing of a list was reached; what is not in the list is counted as well. */
export class CoverageArea {
  readonly #counts = new Map<string, number>();

  constructor(
    readonly name: string,
    private readonly list: readonly string[],
  ) {}

  add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  report(): AreaReport {
    const listed = new Set(this.list);
    const others = [...this.#counts.keys()].filter((name) => !listed.has(name)).sort();
    const reached = [...this.list, ...others].flatMap((name) => {
      const runs = this.#counts.get(name);
      return runs === undefined ? [] : [[name, runs] as const];
    });
    return { area: this.name, reached, never: this.list.filter((name) => !this.#counts.has(name)) };
  }
}
