import type { KafkaDescription } from '../../broker/index';
import { benchmark } from './benchmark';
import type { BenchmarkResult, BenchmarkSettings } from './benchmark';

export interface NamedSettings {
  readonly name: string;
  readonly settings: BenchmarkSettings;
}

export interface BenchmarkComparison {
  readonly first: string;
  readonly second: string;
  /** One per round: messages/s of the second over messages/s of the first. */
  readonly ratios: readonly number[];
  /** The median of `ratios`. */
  readonly ratio: number;
  /** Largest ratio over smallest: 1 when every round said the same. */
  readonly spread: number;
  /** `inconclusive`: the rounds do not agree which is faster, and differ too much to call both alike. */
  readonly verdict: 'second is faster' | 'first is faster' | 'alike' | 'inconclusive';
  readonly sentence: string;
  readonly results: readonly { readonly first: BenchmarkResult; readonly second: BenchmarkResult }[];
}

/** Rounds that differ by more than this factor say more about the machine than about the settings. */
const WIDEST_SPREAD = 1.5;

/**
 * Runs two settings in turn on the same broker, A B, B A, A B …, so that what slows the machine down for a while slows
 * both. A ratio of neighbours is what can be compared between machines; messages per second cannot.
 */
export async function compareBenchmarks(
  kafka: KafkaDescription,
  first: NamedSettings,
  second: NamedSettings,
  options: { readonly rounds?: number; readonly onRound?: (round: number, rounds: number) => void } = {},
): Promise<BenchmarkComparison> {
  const { rounds = 5, onRound } = options;
  if (!Number.isInteger(rounds) || rounds < 3) {
    throw new RangeError(`A comparison takes 3 rounds or more to have a spread, not ${rounds}.`);
  }
  const results: { first: BenchmarkResult; second: BenchmarkResult }[] = [];
  for (let round = 0; round < rounds; round++) {
    onRound?.(round + 1, rounds);
    const run = ({ settings }: NamedSettings) => benchmark(kafka, settings);
    if (round % 2 === 0) {
      const a = await run(first);
      results.push({ first: a, second: await run(second) });
    } else {
      const b = await run(second);
      results.push({ first: await run(first), second: b });
    }
  }
  const ratios = results.map((one) => one.second.messagesPerSecond / one.first.messagesPerSecond);
  return { first: first.name, second: second.name, results, ...judgeRatios(first.name, second.name, ratios) };
}

/** What ratios of interleaved rounds allow to be said. */
export function judgeRatios(
  first: string,
  second: string,
  ratios: readonly number[],
): Pick<BenchmarkComparison, 'ratios' | 'ratio' | 'spread' | 'verdict' | 'sentence'> {
  const sorted = [...ratios].sort((a, b) => a - b);
  const least = sorted[0] as number;
  const most = sorted[sorted.length - 1] as number;
  const middle = sorted.length / 2;
  const ratio =
    sorted.length % 2 === 1
      ? (sorted[Math.floor(middle)] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  const spread = most / least;
  const range = `${least.toFixed(2)} to ${most.toFixed(2)} in ${ratios.length} rounds`;
  if (least > 1) {
    return result(
      'second is faster',
      `${second} sends ${ratio.toFixed(2)} times as much as ${first} (${range}).`,
    );
  }
  if (most < 1) {
    return result(
      'first is faster',
      `${first} sends ${(1 / ratio).toFixed(2)} times as much as ${second} (${second}/${first}: ${range}).`,
    );
  }
  if (spread > WIDEST_SPREAD) {
    return result(
      'inconclusive',
      `Inconclusive: ${second} over ${first} was ${range}; run it again on a quieter machine.`,
    );
  }
  return result('alike', `${first} and ${second} send about as much (${range}).`);

  function result(verdict: BenchmarkComparison['verdict'], sentence: string) {
    return { ratios, ratio, spread, verdict, sentence };
  }
}
