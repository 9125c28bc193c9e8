import { spansChart, type Span } from '../../charts/spans';
import { BufferPool as ReferencePool, TimeoutError, type MemoryPool } from '../../producer/index';
import { ManualClock, type Clock } from '../../support/clock';
import { chart } from './chart';
import { tryAnswer } from './try-answer';

type PoolClass = new (totalMemory: number, clock: Clock) => MemoryPool;

/** A request for memory, and how long after it was granted it is given back. */
interface Request {
  readonly name: string;
  readonly atMs: number;
  readonly size: number;
  readonly maxBlockMs: number;
  readonly keepsMs: number;
}

interface Outcome {
  readonly endedMs: number;
  readonly how: string;
}

const POOL_BYTES = 100;
const END_MS = 140;
const REQUESTS: readonly Request[] = [
  { name: 'A', atMs: 0, size: 60, maxBlockMs: 100, keepsMs: 60 },
  { name: 'B', atMs: 10, size: 80, maxBlockMs: 100, keepsMs: 30 },
  { name: 'C', atMs: 15, size: 10, maxBlockMs: 100, keepsMs: 60 },
  { name: 'D', atMs: 20, size: 30, maxBlockMs: 25, keepsMs: 10 },
  { name: 'E', atMs: 30, size: 20, maxBlockMs: 100, keepsMs: 60 },
  { name: 'F', atMs: 70, size: 101, maxBlockMs: 100, keepsMs: 10 },
  { name: 'G', atMs: 75, size: 30, maxBlockMs: 0, keepsMs: 10 },
];
const WAITS = {
  granted: 'waits, then gets it',
  timeout: 'gives up: TimeoutError',
  never: 'waits for ever',
} as const;

/** Lets seven callers ask a learner's pool for memory and draws who waited how long, beside Kafka's own. Grades nothing. */
export function tryBufferPool(BufferPool: PoolClass): Promise<void> {
  return tryAnswer('05-buffer-pool', async () => {
    const yours = await play(BufferPool);
    const kafkas = await play(ReferencePool);
    const differing = REQUESTS.filter(({ name }) => {
      const [own, right] = [yours.get(name), kafkas.get(name)];
      return own?.how !== right?.how || own?.endedMs !== right?.endedMs;
    });
    const title =
      differing.length === 0
        ? 'Your pool serves all seven as Kafka’s does'
        : `Your pool treats ${differing.map(({ name }) => name).join(', ')} otherwise than Kafka's`;
    const series = [
      ['Kafka’s', kafkas],
      ['yours', yours],
    ] as const;
    const spans = REQUESTS.flatMap(({ name, atMs, size, maxBlockMs }) =>
      series.map(([who, outcomes]): Span => {
        const { endedMs, how } = outcomes.get(name) ?? { endedMs: END_MS, how: WAITS.never };
        const row = `${name}: ${size} bytes, ${maxBlockMs} ms`;
        return { row, series: who, from: atMs, to: endedMs, kind: how };
      }),
    );
    const subtitle = `A pool of ${POOL_BYTES} bytes. Each bar: from asking to the end of waiting. On a clock of its own, so nobody really waits`;
    await chart(spansChart({ spans, measure: 'ms', title, subtitle }));
  });
}

async function play(Pool: PoolClass): Promise<ReadonlyMap<string, Outcome>> {
  const clock = new ManualClock();
  const pool = new Pool(POOL_BYTES, clock);
  const outcomes = new Map<string, Outcome>();
  const ask = async ({ name, size, maxBlockMs, keepsMs }: Request) => {
    const startedMs = clock.now();
    try {
      await pool.allocate(size, maxBlockMs);
      clock.after(keepsMs, () => pool.deallocate(size));
      const how = clock.now() === startedMs ? 'gets it at once' : WAITS.granted;
      outcomes.set(name, { endedMs: clock.now(), how });
    } catch (error) {
      // A stub, or a pool that breaks, is for whoever called.
      if (!(error instanceof TimeoutError || error instanceof RangeError)) throw error;
      const how = error instanceof RangeError ? 'is refused: RangeError' : WAITS.timeout;
      outcomes.set(name, { endedMs: clock.now(), how });
    }
  };
  const asked: Promise<void>[] = [];
  const failures: unknown[] = [];
  for (let nowMs = 0; nowMs <= END_MS; nowMs++) {
    for (const request of REQUESTS.filter(({ atMs }) => atMs === nowMs)) {
      asked.push(ask(request).catch((error: unknown) => void failures.push(error)));
      await settled();
    }
    clock.advance(1);
    await settled();
    if (failures.length > 0) throw failures[0];
  }
  return outcomes;
}

/** Everything that only waits for other promises has come to its end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
