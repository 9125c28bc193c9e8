import { spansChart, type Span } from '../../charts/spans';
import { TimeoutError, type MemoryPool } from '../../producer/index';
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
const HOW = {
  atOnce: 'gets it at once',
  granted: 'waits, then gets it',
  timeout: 'gives up: TimeoutError',
  refused: 'is refused: RangeError',
  never: 'waits for ever',
} as const;

type Outcomes = Readonly<Record<string, Outcome>>;

/** What the rule of exercise 05 gives these requests: a strict queue. */
export const STRICT_ORDER: Outcomes = {
  A: { endedMs: 0, how: HOW.atOnce },
  B: { endedMs: 60, how: HOW.granted },
  C: { endedMs: 60, how: HOW.granted },
  D: { endedMs: 45, how: HOW.timeout },
  E: { endedMs: 90, how: HOW.granted },
  F: { endedMs: 70, how: HOW.refused },
  G: { endedMs: 75, how: HOW.timeout },
};

/**
 * What Kafka's rule gives them, as its class BufferPool (4.4.0) did when it was run with them: C is a newcomer that fits,
 * so it is served past B, who waits. What is then left goes to B, what comes back later to the first waiter. (Java's name
 * for the RangeError is IllegalArgumentException, for the TimeoutError BufferExhaustedException.)
 */
export const KAFKAS_RULE: Outcomes = {
  ...STRICT_ORDER,
  C: { endedMs: 15, how: HOW.atOnce },
  E: { endedMs: 75, how: HOW.granted },
};

/**
 * Lets seven callers ask a learner's pool for memory and draws how long each waited, beside the strict order that exercise
 * 05 asks for and beside Kafka's own rule. Grades nothing.
 */
export function tryBufferPool(BufferPool: PoolClass): Promise<void> {
  return tryAnswer('05-buffer-pool', async () => {
    const yours = await play(BufferPool);
    const series = [
      ['strict order (exercise 05)', STRICT_ORDER],
      ['Kafka’s rule', KAFKAS_RULE],
      ['yours', yours],
    ] as const;
    const title = findingOf(yours);
    const spans = REQUESTS.flatMap(({ name, atMs, size, maxBlockMs }) =>
      series.map(([who, outcomes]): Span => {
        const { endedMs, how } = outcomes[name] ?? { endedMs: END_MS, how: HOW.never };
        const row = `${name}: ${size} bytes, ${maxBlockMs} ms`;
        return { row, series: who, from: atMs, to: endedMs, kind: how };
      }),
    );
    const subtitle = `A pool of ${POOL_BYTES} bytes. Each bar: from asking to the end of waiting. On a clock of its own, so nobody really waits`;
    await chart(spansChart({ spans, measure: 'ms', title, subtitle }));
  });
}

function findingOf(yours: Outcomes): string {
  const differing = differences(yours, STRICT_ORDER);
  if (differing.length === 0) return 'Your pool serves all seven in strict order, as exercise 05 asks';
  if (differences(yours, KAFKAS_RULE).length === 0) {
    return 'Your pool follows Kafka’s rule: C overtakes B, which exercise 05 forbids';
  }
  return `Your pool treats ${differing.join(', ')} differently from a strict queue`;
}

function differences(some: Outcomes, others: Outcomes): string[] {
  return REQUESTS.map(({ name }) => name).filter((name) => {
    const [one, other] = [some[name], others[name]];
    return one?.how !== other?.how || one?.endedMs !== other?.endedMs;
  });
}

/** Asks a pool for memory as the seven callers do, on a clock of its own, and returns how each request ended. */
export async function play(Pool: PoolClass): Promise<Outcomes> {
  const clock = new ManualClock();
  const pool = new Pool(POOL_BYTES, clock);
  const outcomes: Record<string, Outcome> = {};
  const ask = async ({ name, size, maxBlockMs, keepsMs }: Request) => {
    const startedMs = clock.now();
    try {
      await pool.allocate(size, maxBlockMs);
      clock.after(keepsMs, () => pool.deallocate(size));
      const how = clock.now() === startedMs ? HOW.atOnce : HOW.granted;
      outcomes[name] = { endedMs: clock.now(), how };
    } catch (error) {
      // The caller handles a stub, and a pool that breaks.
      if (!(error instanceof TimeoutError || error instanceof RangeError)) throw error;
      const how = error instanceof RangeError ? HOW.refused : HOW.timeout;
      outcomes[name] = { endedMs: clock.now(), how };
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

/** Resolves once everything that waits only for other promises has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
