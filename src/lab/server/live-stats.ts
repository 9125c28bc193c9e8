import type { SentBatch } from '../load/counting-network-client';

/** What one producer sent within one interval. */
export interface LiveInterval {
  /** Start of the interval, in milliseconds since 1970. */
  readonly atMs: number;
  readonly clientId: string;
  batches: number;
  records: number;
  bytes: number;
  /** Sum over the batches. */
  queuedMs: number;
}

const INTERVAL_MS = 250;
const KEEP_MS = 120_000;

/** What goes out, summed up in short intervals: what the live page draws while a load runs. */
export class LiveStats {
  #intervals: LiveInterval[] = [];
  readonly #latest = new Map<string, LiveInterval>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Takes the batches of one producer. */
  listener(clientId: string): (batch: SentBatch) => void {
    return ({ records, bytes, queuedMs }) => {
      const interval = this.#current(clientId);
      interval.batches++;
      interval.records += records;
      interval.bytes += bytes;
      interval.queuedMs += queuedMs;
    };
  }

  /** Intervals that began after `sinceMs` and are over: a page that asks again never gets one twice. */
  since(sinceMs: number): LiveInterval[] {
    const currentMs = this.#startOf(this.now());
    return this.#intervals.filter(({ atMs }) => atMs > sinceMs && atMs < currentMs);
  }

  #current(clientId: string): LiveInterval {
    const atMs = this.#startOf(this.now());
    const latest = this.#latest.get(clientId);
    if (latest?.atMs === atMs) return latest;
    const interval = { atMs, clientId, batches: 0, records: 0, bytes: 0, queuedMs: 0 };
    this.#latest.set(clientId, interval);
    this.#intervals = this.#intervals.filter((one) => one.atMs > atMs - KEEP_MS);
    this.#intervals.push(interval);
    return interval;
  }

  #startOf(timeMs: number): number {
    return Math.floor(timeMs / INTERVAL_MS) * INTERVAL_MS;
  }
}
