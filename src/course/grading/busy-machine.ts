import os from 'node:os';

/** Beyond this even a right answer's time would end in jest's own limit for a test, and say less. */
const MOST = 6;
const BUSY_FROM = 1.5;

/**
 * How many times longer things take than on an idle machine: programs that want to run for each processor. 1 when there is
 * nothing to wait for, and on Windows, which does not count them: slowdownOfStart() says more there.
 */
export function slowdown(
  load: number = os.loadavg()[0] ?? 0,
  processors = os.availableParallelism(),
): number {
  const each = load / processors;
  return each < BUSY_FROM ? 1 : Math.min(each, MOST);
}

/** Node with the loader and the course's files, on an idle laptop: 0.3 to 0.8 s. */
const USUAL_START_MS = 1500;

/** How many times longer things take here, by how long the answer's process took to start. At least 1. */
export function slowdownOfStart(startMs: number): number {
  return Math.min(Math.max(startMs / USUAL_START_MS, 1), MOST);
}
