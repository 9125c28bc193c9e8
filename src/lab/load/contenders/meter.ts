import { performance } from 'node:perf_hooks';
import { LatencyHistogram } from '../latency-histogram';
import type { Measurement } from './job';

const MICROSECONDS_PER_MS = 1000;
const LATENCIES_PER_CHUNK = 65_536;

/** Measures the process that it runs in. */
export class Meter {
  readonly #latency = new LatencyHistogram();
  /**
   * Single latencies in milliseconds, put into the histogram when all is over: doing so for each would be charged to the client.
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
    const latencyMs = performance.now() - sentMs;
    this.#records += count;
    if (count > 1) this.#latency.record(latencyMs, count);
    else this.#keep(latencyMs);
  }

  #keep(latencyMs: number): void {
    if (this.#inChunk === LATENCIES_PER_CHUNK) this.#nextChunk();
    this.#chunk[this.#inChunk++] = latencyMs;
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
      for (const latencyMs of chunk) this.#latency.record(latencyMs);
    }
    const at = (percentile: number) => this.#latency.percentileMs(percentile);
    return {
      records: this.#records,
      durationMs,
      latencyMs: { p50: at(50), p99: at(99), p999: at(99.9) },
      cpuMs: (cpu.user + cpu.system) / MICROSECONDS_PER_MS,
      peakMemoryBytes,
    };
  }
}
