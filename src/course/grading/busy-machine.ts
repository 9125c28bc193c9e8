import os from 'node:os';

/** Beyond this even a right answer's time would end in jest's own limit for a test, and say less. */
const MOST = 6;
const BUSY_FROM = 1.5;

/**
 * How many times longer things take than on an idle machine: programs that want to run for each processor. 1 when there is
 * nothing to wait for, and on Windows, which does not count them.
 */
export function slowdown(
  load: number = os.loadavg()[0] ?? 0,
  processors = os.availableParallelism(),
): number {
  const each = load / processors;
  return each < BUSY_FROM ? 1 : Math.min(each, MOST);
}
