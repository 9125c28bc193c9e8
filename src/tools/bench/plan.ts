import { UsageError } from '../../support/course-error';
import { CONTENDERS } from '../../lab/load/contenders/contender';
import type { Contender } from '../../lab/load/contenders/contender';

export interface BenchFlags {
  readonly quick?: boolean;
  readonly rounds?: number;
  readonly scaling?: boolean;
  /** Words of contenders' names; left out: all of them. */
  readonly only?: readonly string[];
}

/** What everything in one cell of the comparison shares. */
export interface Workload {
  readonly sizeInBytes: number;
  readonly partitions: number;
  /** Measured ones, for a contender with a share of 1. */
  readonly records: number;
  readonly warmupRecords: number;
}

export interface BenchPlan {
  readonly rounds: number;
  /** Too few records for figures that mean anything. */
  readonly isQuick: boolean;
  readonly contenders: readonly Contender[];
  readonly throughput: readonly Workload[];
  readonly paced: { readonly recordsPerSecond: number; readonly workload: Workload };
  /** Empty unless asked for. */
  readonly scaling: readonly Workload[];
}

const ROUNDS = 3;
const PARTITIONS = 6;
const SMALL = 100;
const LARGE = 1024;
const SCALING_PARTITIONS = [1, 6, 24, 96];
const SCALING_SIZES = [10, 100, 1024, 10 * 1024, 100 * 1024];
const SCALING_RECORDS = 1_000_000;
const SCALING_BYTES = 300 * 1024 * 1024;
/** So few that the smallest share of it still fills some batches. */
const FEWEST_RECORDS = 1000;
const QUICK_DIVISOR = 100;

export function benchPlan({ quick = false, rounds, scaling = false, only = [] }: BenchFlags): BenchPlan {
  // Warm means compiled: a third of what is sent is warm-up, a second or more of work for the fastest.
  const count = (records: number) => {
    const measured = quick ? Math.max(FEWEST_RECORDS, records / QUICK_DIVISOR) : records;
    return { records: Math.round(measured), warmupRecords: Math.round(measured / 2) };
  };
  const pacedCount = quick
    ? { records: 1500, warmupRecords: 500 }
    : { records: 20_000, warmupRecords: 10_000 };
  return {
    rounds: rounds ?? (quick ? 1 : ROUNDS),
    isQuick: quick,
    contenders: contendersWith(only),
    throughput: [
      { sizeInBytes: SMALL, partitions: PARTITIONS, ...count(2_000_000) },
      { sizeInBytes: LARGE, partitions: PARTITIONS, ...count(500_000) },
    ],
    paced: {
      recordsPerSecond: 1000,
      workload: { sizeInBytes: SMALL, partitions: PARTITIONS, ...pacedCount },
    },
    scaling: scaling ? scalingWorkloads(count) : [],
  };
}

function scalingWorkloads(
  count: (records: number) => { records: number; warmupRecords: number },
): Workload[] {
  const byPartitions = SCALING_PARTITIONS.map((partitions) => ({
    sizeInBytes: SMALL,
    partitions,
    ...count(SCALING_RECORDS),
  }));
  const bySize = SCALING_SIZES.filter((size) => size !== SMALL).map((sizeInBytes) => ({
    sizeInBytes,
    partitions: PARTITIONS,
    ...count(Math.min(SCALING_RECORDS, Math.floor(SCALING_BYTES / sizeInBytes))),
  }));
  return [...byPartitions, ...bySize];
}

function contendersWith(words: readonly string[]): Contender[] {
  const wanted = words.map((word) => word.toLowerCase());
  const strange = wanted.find((word) => !CONTENDERS.some(({ name }) => name.toLowerCase().includes(word)));
  if (strange !== undefined) {
    const names = CONTENDERS.map(({ name }) => name).join(', ');
    throw new UsageError(`No contender has "${strange}" in its name; there are ${names}.`);
  }
  return CONTENDERS.filter(
    ({ name }) => wanted.length === 0 || wanted.some((word) => name.toLowerCase().includes(word)),
  );
}

/** A contender's part of a workload. */
export function shareOf(contender: Contender, workload: Workload): Workload {
  const part = (records: number) =>
    Math.max(Math.min(records, FEWEST_RECORDS), Math.round(records * contender.share));
  return { ...workload, records: part(workload.records), warmupRecords: part(workload.warmupRecords) };
}

/** The order of a round: each begins with another contender, so that none always follows the same one's disturbance. */
export function orderOfRound<T>(items: readonly T[], round: number): T[] {
  const start = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
