import { build } from 'hdr-histogram-js';

const MICROSECONDS_PER_MS = 1000;
const HOUR_IN_MICROSECONDS = 3_600_000_000;

export interface LatencyMs {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Latencies in milliseconds, kept as whole microseconds with three digits that count. Longer ones than an hour take more memory. */
export class LatencyHistogram {
  readonly #microseconds = build({ lowestDiscernibleValue: 1, highestTrackableValue: HOUR_IN_MICROSECONDS });

  /** A negative latency, as the rounding of a clock gives it, counts as 0. */
  record(latencyMs: number, count = 1): void {
    const microseconds = Math.max(0, Math.round(latencyMs * MICROSECONDS_PER_MS));
    this.#microseconds.recordValueWithCount(microseconds, count);
  }

  /** 0 of an empty histogram. */
  percentileMs(percentile: number): number {
    return this.#microseconds.getValueAtPercentile(percentile) / MICROSECONDS_PER_MS;
  }

  summary(): LatencyMs {
    return {
      mean: this.#microseconds.mean / MICROSECONDS_PER_MS,
      p50: this.percentileMs(50),
      p95: this.percentileMs(95),
      p99: this.percentileMs(99),
      max: this.#microseconds.maxValue / MICROSECONDS_PER_MS,
    };
  }
}
