import type { Clock } from '../../support/clock';
import { SystemClock } from '../../support/clock';

export interface LoadOptions<T> {
  /** At least `count` of them, or the load ends with the last one. */
  readonly records: Iterable<T>;
  readonly count: number;
  /** Left out: as fast as `send` takes them. */
  readonly recordsPerSecond?: number;
  /**
   * Takes one record; the load waits for the promise before it goes on, as a thread does that Java's send() blocks.
   * `dueMs`: when the record should have gone out by the clock. Latency counted from there also shows what waited
   * because the load itself was held up. A rejection ends the load and is what it rejects with.
   */
  send(record: T, index: number, dueMs: number): Promise<unknown>;
  readonly clock?: Clock;
  onProgress?(progress: LoadProgress): void;
  /** Ends the load after the present record; what was sent by then is reported. */
  readonly signal?: AbortSignal;
}

export interface LoadProgress {
  readonly sent: number;
  readonly count: number;
}

export interface LoadReport {
  readonly sent: number;
  readonly durationMs: number;
  readonly recordsPerSecond: number;
  /** Paced only: the furthest that the load fell behind its own schedule. */
  readonly maxLatenessMs: number;
}

/** How often a paced load looks what is due. Timers are no finer than this. */
const TICK_MS = 1;
/**
 * After so many records a saturating load lets sockets and timers have their turn: a loop over promises that are ready
 * would keep the event loop to itself, and the producer would send nothing until its memory is full.
 */
const RECORDS_PER_TURN = 256;

/** Sends `count` records, paced or as fast as they are taken. */
export async function runLoad<T>(options: LoadOptions<T>): Promise<LoadReport> {
  const { count, recordsPerSecond, clock = new SystemClock() } = options;
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`count must be a whole number from 0 on, not ${count}.`);
  }
  if (recordsPerSecond !== undefined && !(recordsPerSecond > 0)) {
    throw new RangeError(`recordsPerSecond must be more than 0, not ${recordsPerSecond}.`);
  }
  const startMs = clock.now();
  const pace = recordsPerSecond === undefined ? new Unpaced(clock) : new Paced(clock, recordsPerSecond);
  let sent = 0;
  for (const record of options.records) {
    if (sent === count || options.signal?.aborted === true) break;
    await pace.untilDue(sent);
    await options.send(record, sent, pace.dueMs(sent));
    sent++;
    if (sent % RECORDS_PER_TURN === 0) options.onProgress?.({ sent, count });
  }
  if (sent % RECORDS_PER_TURN !== 0) options.onProgress?.({ sent, count });
  const durationMs = clock.now() - startMs;
  return {
    sent,
    durationMs,
    recordsPerSecond: durationMs > 0 ? (sent * 1000) / durationMs : 0,
    maxLatenessMs: pace.maxLatenessMs,
  };
}

class Unpaced {
  readonly maxLatenessMs = 0;
  constructor(private readonly clock: Clock) {}

  dueMs(): number {
    return this.clock.now();
  }

  async untilDue(index: number): Promise<void> {
    if (index > 0 && index % RECORDS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

class Paced {
  maxLatenessMs = 0;
  readonly #startMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly recordsPerSecond: number,
  ) {
    this.#startMs = clock.now();
  }

  dueMs(index: number): number {
    return this.#startMs + (index * 1000) / this.recordsPerSecond;
  }

  async untilDue(index: number): Promise<void> {
    const waitMs = this.dueMs(index) - this.clock.now();
    this.maxLatenessMs = Math.max(this.maxLatenessMs, -waitMs);
    if (waitMs > 0) {
      await new Promise<void>((resolve) => this.clock.after(Math.max(waitMs, TICK_MS), resolve));
    } else if (index > 0) {
      // Who is late does not become later by letting the sockets have their turn, too.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
