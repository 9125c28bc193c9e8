import { performance } from 'node:perf_hooks';
import { build } from 'hdr-histogram-js';
import type { Measurement } from './job';

const MICROSECONDS_PER_MS = 1000;
const LONGEST_MICROSECONDS = 3_600_000_000;
const LATENCIES_PER_CHUNK = 65_536;

/** Measures the process that it runs in. */
export class Meter {
  readonly #latency = build({ lowestDiscernibleValue: 1, highestTrackableValue: LONGEST_MICROSECONDS });
  /**
   * Single latencies in microseconds, put into the histogram when all is over: doing so for each would be charged to the client.
   * Java's tool keeps and sorts them at the end, too.
   */
  readonly #chunks: Float64Array[] = [];
  #chunk = new Float64Array(LATENCIES_PER_CHUNK);
  #inChunk = 0;
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
    const microseconds = (performance.now() - sentMs) * MICROSECONDS_PER_MS;
    this.#records += count;
    if (count > 1) this.#latency.recordValueWithCount(Math.round(microseconds), count);
    else this.#keep(microseconds);
  }

  #keep(microseconds: number): void {
    if (this.#inChunk === LATENCIES_PER_CHUNK) this.#nextChunk();
    this.#chunk[this.#inChunk++] = microseconds;
  }

  #nextChunk(): void {
    this.#chunks.push(this.#chunk.subarray(0, this.#inChunk));
    this.#chunk = new Float64Array(LATENCIES_PER_CHUNK);
    this.#inChunk = 0;
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
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    if (this.#firstError !== null) {
      throw new Error(`${this.#failed} records were not acknowledged: ${this.#firstError.message}`, {
        cause: this.#firstError,
      });
    }
    this.#nextChunk();
    for (const chunk of this.#chunks) {
      for (const microseconds of chunk) this.#latency.recordValue(Math.round(microseconds));
    }
    const at = (percentile: number) => this.#latency.getValueAtPercentile(percentile) / MICROSECONDS_PER_MS;
    return {
      records: this.#records,
      durationMs,
      latencyMs: { p50: at(50), p99: at(99), p999: at(99.9) },
      cpuMs: (cpu.user + cpu.system) / MICROSECONDS_PER_MS,
      peakMemoryBytes,
    };
  }
}
