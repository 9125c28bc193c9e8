import type { VirtualClock } from './interim-clock';

/** Turns without work after which nothing more is to come before the next timer. */
const QUIET_TURNS = 4;

/** Moves the clock from timer to timer; between two timers, everything that was started gets to run. True when it was over in time. */
export async function runVirtualTime(
  clock: VirtualClock,
  { isOver, untilMs }: { isOver: () => boolean; untilMs: number },
): Promise<boolean> {
  for (;;) {
    for (let turn = 0; turn < QUIET_TURNS; turn++) await nextTurn();
    if (isOver()) return true;
    const dueMs = clock.nextDueMs;
    if (dueMs === null || dueMs > untilMs) return false;
    clock.fireNext();
  }
}

/** Behind all promises that can settle now. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
