import fc from 'fast-check';
import { brokenInvariants } from './invariants/all-invariants';
import type { BrokenInvariant } from './invariants/invariant';
import { Coverage } from './coverage';
import { runSchedule } from './run-schedule';
import type { RunOptions } from './run-schedule';
import type { RunRecord } from './run-record';
import type { Schedule } from './schedule';
import { schedules } from './schedule-arbitrary';
import type { ScheduleFamily } from './schedule-arbitrary';

export interface SearchOptions extends RunOptions {
  readonly seed: number;
  /** How many schedules at most. */
  readonly runs: number;
  /** Replays one schedule: what a counterexample names. */
  readonly path?: string;
  /** How long to go on at most, in ms of real time. */
  readonly limitMs?: number;
  /** How long to look for a smaller schedule, in ms of real time. Default one minute. */
  readonly shrinkMs?: number;
  readonly family?: ScheduleFamily;
  /** Which violations count. Default: all. */
  readonly counts?: (broken: BrokenInvariant) => boolean;
  /** After each run. */
  readonly onRun?: (progress: SearchProgress) => void;
}

export interface SearchProgress {
  readonly phase: 'searching' | 'shrinking';
  /** In this phase. */
  readonly runs: number;
}

/** The smallest schedule that was found to break a promise. */
export interface Counterexample {
  readonly seed: number;
  /** For `path` of SearchOptions. */
  readonly path: string;
  /** How many schedules were run until the first that broke it. */
  readonly foundAfter: number;
  readonly schedule: Schedule;
  readonly run: RunRecord;
  readonly broken: readonly BrokenInvariant[];
}

export interface SearchResult {
  readonly seed: number;
  readonly runs: number;
  /** Of real time, without shrinking. */
  readonly tookMs: number;
  readonly coverage: Coverage;
  readonly counterexample: Counterexample | null;
}

interface Found {
  readonly run: RunRecord;
  readonly broken: readonly BrokenInvariant[];
}

const DEFAULT_SHRINK_MS = 60_000;

/** Runs generated schedules until one breaks a promise, and then looks for the smallest like it. */
export async function search(options: SearchOptions): Promise<SearchResult> {
  // Runs make a great many errors on purpose, and their stacks cost more than everything else.
  const { stackTraceLimit } = Error;
  if (options.path === undefined) Error.stackTraceLimit = 0;
  try {
    return await searchAndShrink(options);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function searchAndShrink(options: SearchOptions): Promise<SearchResult> {
  const { seed, runs: numRuns, path = '', limitMs } = options;
  const coverage = new Coverage();
  const startedAt = performance.now();
  let runs = 0;
  let found: Found | null = null;
  const searched = fc.asyncProperty(schedules(options.family), async (schedule) => {
    const outcome = await judge(schedule, options, coverage);
    runs++;
    options.onRun?.({ phase: 'searching', runs });
    if (outcome.broken.length === 0) return true;
    found = outcome;
    return false;
  });
  const details = await fc.check(searched, {
    seed,
    path,
    numRuns: path === '' ? numRuns : 1,
    endOnFailure: true,
    ...(limitMs === undefined ? {} : { interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false }),
  });
  const tookMs = performance.now() - startedAt;
  if (!details.failed) return { seed, runs, tookMs, coverage, counterexample: null };
  if (found === null) throw new Error('A schedule could not be run.', { cause: details.errorInstance });
  const first = { found, path: details.counterexamplePath ?? path };
  const smallest = path === '' ? await shrink(options, first) : first;
  return { seed, runs, tookMs, coverage, counterexample: { seed, foundAfter: runs, ...outcomeOf(smallest) } };
}

/** The smallest schedule like the one at `path`, or null if that one keeps every promise that counts. */
export async function shrinkFrom(options: SearchOptions, path: string): Promise<Counterexample | null> {
  const { counterexample } = await search({ ...options, path });
  if (counterexample === null) return null;
  const { run, broken } = counterexample;
  return { ...counterexample, ...outcomeOf(await shrink(options, { found: { run, broken }, path })) };
}

function outcomeOf({
  found,
  path,
}: {
  found: Found;
  path: string;
}): Omit<Counterexample, 'seed' | 'foundAfter'> {
  return { path, schedule: found.run.schedule, run: found.run, broken: found.broken };
}

async function judge(schedule: Schedule, options: SearchOptions, coverage: Coverage | null): Promise<Found> {
  const run = await runSchedule(schedule, options);
  coverage?.add(run);
  const { counts = () => true } = options;
  return { run, broken: brokenInvariants(run).filter(counts) };
}

/** Smaller schedules that break the same promise: any other would lead away from what was found. */
async function shrink(
  options: SearchOptions,
  first: { found: Found; path: string },
): Promise<{ found: Found; path: string }> {
  const invariant = first.found.broken[0]!.invariant;
  let runs = 0;
  let smallest = first;
  const shrunk = fc.asyncProperty(schedules(options.family), async (schedule) => {
    const outcome = await judge(schedule, options, null);
    runs++;
    options.onRun?.({ phase: 'shrinking', runs });
    if (!outcome.broken.some((broken) => broken.invariant === invariant)) return true;
    smallest = { ...smallest, found: outcome };
    return false;
  });
  const details = await fc.check(shrunk, {
    seed: options.seed,
    path: first.path,
    numRuns: 1,
    interruptAfterTimeLimit: options.shrinkMs ?? DEFAULT_SHRINK_MS,
    markInterruptAsFailure: false,
  });
  return { ...smallest, path: details.counterexamplePath ?? first.path };
}
