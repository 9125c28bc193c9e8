import { TimeoutError } from '../../../src/producer/index';
import type { MemoryPool } from '../../../src/producer/index';
import { ManualClock, SystemClock } from '../../../src/support/clock';
import type { Clock } from '../../../src/support/clock';
import { carryWithParts } from './support/carry-with-parts';
import type { Carried, PartsCarriage } from './support/carry-with-parts';

interface Answer {
  readonly BufferPool: new (totalMemory: number, clock: Clock) => MemoryPool;
}

/** One move. `andThen`: the next one follows at once, before anything that waits has had a chance to run. */
export type Move = { readonly andThen?: true } & (
  | { readonly do: 'allocate'; readonly id: string; readonly size: number; readonly maxBlockMs: number }
  | { readonly do: 'deallocate'; readonly size: number }
  | { readonly do: 'advance'; readonly ms: number }
);

/** What became of an allocate(): it got the memory, or an error of a kind that the exercise knows, or another one in words. */
export type Outcome = 'granted' | 'TimeoutError' | 'RangeError' | `other: ${string}`;

/** How things stood after a move, with what was settled by it, in order. */
export interface Standing {
  readonly settled: readonly { readonly id: string; readonly outcome: Outcome }[];
  readonly queued: number | string;
  readonly availableMemory: number | string;
}

/** Plays the moves on a new pool and a clock that stands still between them. */
export async function play(
  answer: Answer,
  input: { totalMemory: number; moves: readonly Move[] },
): Promise<Standing[]> {
  const clock = new ManualClock(1_000);
  const pool = new answer.BufferPool(input.totalMemory, clock);
  const standings: Standing[] = [];
  let settled: { id: string; outcome: Outcome }[] = [];
  for (const move of input.moves) {
    if (move.do === 'allocate') {
      const { id, size, maxBlockMs } = move;
      void outcomeOf(() => pool.allocate(size, maxBlockMs)).then((outcome) => settled.push({ id, outcome }));
    } else if (move.do === 'deallocate') {
      pool.deallocate(move.size);
    } else {
      // One millisecond at a time, so that what a time-out sets in motion is done before the next one is due.
      for (let ms = 0; ms < move.ms; ms++) {
        clock.advance(1);
        await quiet();
      }
    }
    if (move.andThen) continue;
    await quiet();
    clock.advance(0); // for answers that put something off by after(0, …)
    await quiet();
    if (settled.some(({ outcome }) => outcome === 'other: Error: not started yet'))
      throw new Error('not started yet');
    standings.push({
      settled,
      queued: plain(pool.queued),
      availableMemory: plain(pool.availableMemory),
    });
    settled = [];
  }
  return standings;
}

/** allocate() may reject or throw. */
async function outcomeOf(allocate: () => Promise<void>): Promise<Outcome> {
  try {
    await allocate();
    return 'granted';
  } catch (error) {
    if (error instanceof TimeoutError) return 'TimeoutError';
    if (error instanceof RangeError) return 'RangeError';
    return `other: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

/** Resolves when every promise that could settle has. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function plain(value: unknown): number | string {
  return typeof value === 'number' ? value : `${String(value)} (${typeof value})`;
}

/** How the pool stood when something was asked of it or given back. */
export interface PoolSample {
  readonly atMs: number;
  readonly availableBytes: number;
  readonly waiting: number;
}

/** Sends records through the real producer, with the answer in place of its memory; looks at the pool after every move. */
export async function carryRecords(
  answer: Answer,
  carriage: PartsCarriage,
): Promise<{ carried: Carried; samples: PoolSample[] }> {
  const clock = new SystemClock();
  const pool = new answer.BufferPool(Number(carriage.config['buffer.memory']), clock);
  const startMs = performance.now();
  const samples: PoolSample[] = [];
  const look = (): void => {
    const { availableMemory, queued } = pool;
    samples.push({ atMs: performance.now() - startMs, availableBytes: availableMemory, waiting: queued });
  };
  const bufferPool: MemoryPool = {
    async allocate(size, maxBlockMs) {
      const allocated = pool.allocate(size, maxBlockMs);
      look();
      await allocated;
    },
    deallocate(size) {
      pool.deallocate(size);
      look();
    },
    get availableMemory() {
      return pool.availableMemory;
    },
    get queued() {
      return pool.queued;
    },
  };
  look();
  const carried = await carryWithParts(carriage, { parts: { bufferPool }, senders: 24 });
  look();
  return { carried, samples };
}
