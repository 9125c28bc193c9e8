import fc from 'fast-check';
import type { Schedule } from '../../../src/simulation/schedule';
import { schedules } from '../../../src/simulation/schedule-arbitrary';

/** One generated schedule: the same for the same seed and number. */
export function sampleSchedule(seed: number, number: number): Schedule {
  return fc.sample(schedules(), { seed, numRuns: number })[number - 1]!;
}
