import type { Contender } from '../../lab/load/contenders/contender';
import { REFERENCE } from '../../lab/load/contenders/contender';
import type { Measurement } from '../../lab/load/contenders/job';
import type { Workload } from './plan';

/** One contender in one round. */
export interface BenchRun {
  readonly contender: Contender;
  readonly workload: Workload;
  readonly recordsPerSecond?: number;
  readonly lingerMs: number;
  readonly round: number;
  readonly measurement: Measurement;
}

/** Medians over the rounds, each figure for itself. */
export interface BenchRow {
  readonly name: string;
  readonly client: string;
  readonly codec: string;
  readonly idempotent: boolean;
  readonly sizeInBytes: number;
  readonly partitions: number;
  readonly rounds: number;
  /** The rate of each round that it was measured in. */
  readonly byRound: readonly { readonly round: number; readonly recordsPerSecond: number }[];
  readonly recordsPerSecond: number;
  /** Of values, before compression; a megabyte is 10⁶ bytes. */
  readonly megabytesPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly p999: number };
  readonly cpuSecondsPerMillionRecords: number;
  readonly peakMemoryBytes: number;
  /** The median of the rounds' ratios, each to Java lz4 in the same round; null where that was not measured. */
  readonly ratioToJava: number | null;
  /** Smallest and largest of the rounds. */
  readonly recordsPerSecondRange: readonly [number, number];
}

/** NaN for no values at all. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Rows for the runs of one workload, in the order in which contenders first appear in `names`. */
export function summarize(runs: readonly BenchRun[], names: readonly string[]): BenchRow[] {
  return names.flatMap((name) => {
    const own = runs.filter(({ contender }) => contender.name === name);
    return own.length === 0 ? [] : [rowOf(own, runs)];
  });
}

function rowOf(runs: readonly BenchRun[], all: readonly BenchRun[]): BenchRow {
  const { contender, workload } = runs[0] as BenchRun;
  const { name, client, codec, idempotent } = contender;
  const { sizeInBytes, partitions } = workload;
  const middle = (figure: (measurement: Measurement) => number) =>
    median(runs.map(({ measurement }) => figure(measurement)));
  const byRound = roundsOf(runs);
  const rates = byRound.map(({ recordsPerSecond }) => recordsPerSecond);
  const rate = median(rates);
  return {
    ...{ name, client, codec, idempotent, sizeInBytes, partitions },
    rounds: runs.length,
    byRound,
    recordsPerSecond: rate,
    megabytesPerSecond: (rate * sizeInBytes) / 1e6,
    latencyMs: {
      p50: middle(({ latencyMs }) => latencyMs.p50),
      p99: middle(({ latencyMs }) => latencyMs.p99),
      p999: middle(({ latencyMs }) => latencyMs.p999),
    },
    // Milliseconds for each thousand records are seconds for each million.
    cpuSecondsPerMillionRecords: middle(({ cpuMs, records }) => (cpuMs * 1000) / records),
    peakMemoryBytes: middle(({ peakMemoryBytes }) => peakMemoryBytes),
    ratioToJava: rateOver(byRound, roundsOf(all.filter((run) => run.contender.name === REFERENCE))),
    recordsPerSecondRange: [Math.min(...rates), Math.max(...rates)],
  };
}

function roundsOf(runs: readonly BenchRun[]): BenchRow['byRound'] {
  return runs.map(({ round, measurement }) => ({ round, recordsPerSecond: rateOf(measurement) }));
}

/**
 * How many times as much as the other: the median over the rounds that have both, since what slows the machine down for a
 * while slows both of a round. Null where no round has both.
 */
export function rateOver(rates: BenchRow['byRound'], others: BenchRow['byRound']): number | null {
  const ratios = rates.flatMap(({ round, recordsPerSecond }) => {
    const other = others.find((candidate) => candidate.round === round);
    return other === undefined ? [] : [recordsPerSecond / other.recordsPerSecond];
  });
  return ratios.length === 0 ? null : median(ratios);
}

export function rateOf({ records, durationMs }: Measurement): number {
  return (records * 1000) / durationMs;
}
