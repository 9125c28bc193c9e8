import type { InstrumentResult } from '@stryker-mutator/instrumenter';
import { markedParts } from '../../course/exercises/stub';

/** The lines that are taken out of a solution, and those that stand there instead; as far to the left as they go. */
export interface Change {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** A solution with one small mistake in it. */
export interface Mutant extends Change {
  /** The name of StrykerJS's mutator. */
  readonly mutator: string;
  /** Of the first line that is changed, from 1. */
  readonly line: number;
  /** The whole file. */
  readonly text: string;
}

type StrykerMutant = InstrumentResult['mutants'][number];

const nothing = (): void => {};
/** Stryker tells it how many mutants there are, which is no news here, and warns of comments that mean nothing to it. */
const LOGGER = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => true,
  isErrorEnabled: () => true,
  isFatalEnabled: () => true,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: console.warn,
  error: console.error,
  fatal: console.error,
};

/**
 * Every change that StrykerJS makes to what a learner writes of this solution, each in a file of its own. They are formatted
 * like the solution, so that what is shown of a mutant is what was judged. Those that come out alike are one.
 */
export async function mutateSolution(solution: string, file: string): Promise<readonly Mutant[]> {
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  const prettier = await import('prettier');
  const mutate = markedParts(solution).map(({ firstLine, lastLine }) => ({
    start: { line: firstLine, column: 0 },
    end: { line: lastLine, column: 0 },
  }));
  const { mutants } = await new Instrumenter(LOGGER).instrument([{ name: file, content: solution, mutate }], {
    excludedMutations: [],
    ignorers: [],
    plugins: null,
  });
  const style = { ...(await prettier.resolveConfig(file)), parser: 'typescript' };
  const byText = new Map<string, Mutant>();
  for (const mutant of mutants) {
    const text = await prettier.format(applied(solution, mutant), style);
    if (text === solution || byText.has(text)) continue;
    byText.set(text, { mutator: mutant.mutatorName, text, ...difference(solution, text) });
  }
  return [...byText.values()];
}

function applied(solution: string, { location, replacement, mutatorName }: StrykerMutant): string {
  const lines = solution.split('\n');
  const offset = ({ line, column }: StrykerMutant['location']['start']): number =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, column);
  // Stryker gives the code of the node alone. Where an operator stands beside it, `a || b` is not `(a || b)`.
  const isStatement =
    mutatorName === 'BlockStatement' || replacement === ';' || /^(?:case|default)\b/.test(replacement);
  const code = isStatement ? replacement : `(${replacement})`;
  return solution.slice(0, offset(location.start)) + code + solution.slice(offset(location.end));
}

/** One place is changed, so what differs lies between the lines that both files begin and end with. */
function difference(solution: string, mutated: string): Change & Pick<Mutant, 'line'> {
  const [one, other] = [solution.split('\n'), mutated.split('\n')];
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const before = one.slice(start, one.length - end);
  const after = other.slice(start, other.length - end);
  const texts = [...before, ...after].filter((line) => line !== '');
  const indent = Math.min(...texts.map((line) => line.search(/\S/)));
  const unindented = (all: string[]): string[] => all.map((line) => line.slice(indent));
  return { line: start + 1, before: unindented(before), after: unindented(after) };
}
