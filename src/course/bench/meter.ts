import { build } from 'hdr-histogram-js';
import type { Measurement } from './job';

const MICROSECONDS_PER_MS = 1000;
const LONGEST_MICROSECONDS = 3_600_000_000;

/** Measures the process that it runs in. */
export class Meter {
  readonly #latency = build({ lowestDiscernibleValue: 1, highestTrackableValue: LONGEST_MICROSECONDS });
  #startedMs = 0;
  #cpu: NodeJS.CpuUsage | null = null;
  #records = 0;
  #failed = 0;
  #firstError: Error | null = null;

  /** Before the first record after the warm-up; later calls do nothing. */
  begin(): void {
    if (this.#cpu !== null) return;
    this.#cpu = process.cpuUsage();
    this.#startedMs = performance.now();
  }

  /** So many records that were handed over at `sentMs` of performance.now() have been acknowledged just now. */
  acknowledged(sentMs: number, count = 1): void {
    const microseconds = Math.round((performance.now() - sentMs) * MICROSECONDS_PER_MS);
    if (count === 1) this.#latency.recordValue(microseconds);
    else this.#latency.recordValueWithCount(microseconds, count);
    this.#records += count;
  }

  /** Of any record, those of the warm-up included. */
  failed(error: Error): void {
    this.#failed++;
    this.#firstError ??= error;
  }

  /** After the last acknowledgement. Throws when a record has failed. */
  end(): Measurement {
    const durationMs = performance.now() - this.#startedMs;
    const cpu = process.cpuUsage(this.#cpu ?? undefined);
    if (this.#firstError !== null) {
      throw new Error(`${this.#failed} records were not acknowledged: ${this.#firstError.message}`, {
        cause: this.#firstError,
      });
    }
    const at = (percentile: number) => this.#latency.getValueAtPercentile(percentile) / MICROSECONDS_PER_MS;
    return {
      records: this.#records,
      durationMs,
      latencyMs: { p50: at(50), p99: at(99), p999: at(99.9) },
      cpuMs: (cpu.user + cpu.system) / MICROSECONDS_PER_MS,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
  }
}
