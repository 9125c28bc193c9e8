import fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { RunRecord } from '../../src/simulation/run-record';
import { runSchedule } from '../../src/simulation/run-schedule';
import { schedules } from '../../src/simulation/schedule-arbitrary';

/** Everything that was seen, as text. */
export function textOf({ trace, producers, logs, unhandled }: RunRecord): string {
  const readable = (_key: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
    return value instanceof Error ? `${value.name}: ${value.message}` : value;
  };
  return JSON.stringify({ trace, producers, logs, unhandled }, readable);
}

/** Of everything that the schedules of a seed do. */
export async function digestOf(seed: number, runs: number): Promise<string> {
  const hash = createHash('sha256');
  for (const schedule of fc.sample(schedules(), { seed, numRuns: runs }))
    hash.update(textOf(await runSchedule(schedule)));
  return hash.digest('hex');
}

/** For a process of its own. */
export async function printDigest(seed: number, runs: number): Promise<void> {
  console.log(await digestOf(seed, runs));
}
