import type { EventLoop } from '../../support/event-loop';
import type { VirtualClock } from './interim-clock';

/** Turns of the event loop that run one by one, when everything before them has been done. No time passes in them. */
export class VirtualTurns implements EventLoop {
  readonly #turns: (() => void)[] = [];

  nextTurn(fn: () => void): void {
    this.#turns.push(fn);
  }

  elapsedMs(): number {
    return 1;
  }

  take(): (() => void) | null {
    return this.#turns.shift() ?? null;
  }
}

/**
 * Runs turns, and when there is none, moves the clock to its next timer. Promises settle in between. Resolves to true when it
 * was over in time, and to false when nothing more can happen or the time is up.
 */
export async function runVirtualTime(
  clock: VirtualClock,
  turns: VirtualTurns,
  { isOver, untilMs }: { isOver: () => boolean; untilMs: number },
): Promise<boolean> {
  for (;;) {
    await allPromises();
    if (isOver()) return true;
    const turn = turns.take();
    if (turn !== null) {
      turn();
      continue;
    }
    const dueMs = clock.nextDueMs;
    if (dueMs === null || dueMs > untilMs) return false;
    clock.fireNext();
  }
}

/** A real turn of the event loop comes behind all promises that can settle now. */
function allPromises(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
