/**
 * Statistics over a moving window, as Kafka keeps them: `metrics.num.samples` samples of `metrics.sample.window.ms` each, the
 * oldest thrown away. What is older than all of them counts for nothing, so a rate falls when nothing happens.
 */
interface Sample {
  startMs: number;
  sum: number;
  count: number;
  max: number;
}

export interface SampledStatsOptions {
  readonly samples: number;
  readonly windowMs: number;
}

export class SampledStats {
  /** Since the beginning, whatever the window. */
  total = 0;
  /** How often something was recorded, since the beginning. */
  recordings = 0;
  readonly #samples: Sample[] = [];
  readonly #options: SampledStatsOptions;
  #current: Sample | null = null;

  constructor(options: SampledStatsOptions) {
    this.#options = options;
  }

  record(value: number, nowMs: number): void {
    this.total += value;
    this.recordings++;
    let sample = this.#current;
    if (sample === null || nowMs - sample.startMs >= this.#options.windowMs) {
      sample = this.#current = { startMs: nowMs, sum: 0, count: 0, max: -Infinity };
      this.#samples.push(sample);
      if (this.#samples.length > this.#options.samples) this.#samples.shift();
    }
    sample.sum += value;
    sample.count++;
    if (value > sample.max) sample.max = value;
  }

  /** NaN when nothing was recorded lately. */
  average(nowMs: number): number {
    let sum = 0;
    let count = 0;
    for (const sample of this.#recent(nowMs)) {
      sum += sample.sum;
      count += sample.count;
    }
    return count === 0 ? NaN : sum / count;
  }

  max(nowMs: number): number {
    const max = Math.max(...this.#recent(nowMs).map((sample) => sample.max));
    return max === -Infinity ? NaN : max;
  }

  /** Sum of the values per second. */
  ratePerSecond(nowMs: number): number {
    return this.#perSecond(nowMs, ({ sum }) => sum);
  }

  /** Recordings per second. */
  countPerSecond(nowMs: number): number {
    return this.#perSecond(nowMs, ({ count }) => count);
  }

  #perSecond(nowMs: number, valueOf: (sample: Sample) => number): number {
    const recent = this.#recent(nowMs);
    const first = recent[0];
    if (first === undefined) return 0;
    // Java counts at least all windows but the running one in full, or the first second would show wild rates.
    const { samples, windowMs } = this.#options;
    const elapsedMs = nowMs - first.startMs;
    const missingWindows = Math.max(0, samples - 1 - Math.floor(elapsedMs / windowMs));
    const measuredMs = elapsedMs + missingWindows * windowMs;
    if (measuredMs === 0) return 0;
    return recent.reduce((sum, sample) => sum + valueOf(sample), 0) / (measuredMs / 1000);
  }

  #recent(nowMs: number): readonly Sample[] {
    const { samples, windowMs } = this.#options;
    return this.#samples.filter(({ startMs }) => nowMs - startMs < samples * windowMs);
  }
}
