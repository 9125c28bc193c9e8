import pidusage from 'pidusage';

const EVERY_MS = 50;

interface Sample {
  readonly atMs: number;
  readonly cpuMs: number;
}

/** CPU time and memory of another process, sampled until it ends or `stop` is called. */
export class UsageSamples {
  readonly #samples: Sample[] = [];
  readonly #timer: NodeJS.Timeout;
  #peakMemoryBytes = 0;

  constructor(private readonly pid: number) {
    this.#timer = setInterval(() => void this.#take(), EVERY_MS);
  }

  get peakMemoryBytes(): number {
    return this.#peakMemoryBytes;
  }

  stop(): void {
    clearInterval(this.#timer);
    pidusage.clear();
  }

  /** Between two times of performance.now(). */
  cpuMsBetween(fromMs: number, toMs: number): number {
    return cpuMsAt(this.#samples, toMs) - cpuMsAt(this.#samples, fromMs);
  }

  async #take(): Promise<void> {
    const usage = await pidusage(this.pid).catch(() => null); // it has just ended, or is not there yet
    if (usage === null) return;
    this.#samples.push({ atMs: performance.now(), cpuMs: usage.ctime });
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, usage.memory);
  }
}

/**
 * Read off the line through the samples. Before the first it stays at that; after the last it goes on as it went
 * between the last two, because a process that ends is gone before it can be asked once more.
 */
export function cpuMsAt(samples: readonly Sample[], atMs: number): number {
  const first = samples[0];
  if (first === undefined) return NaN;
  if (samples.length === 1 || atMs <= first.atMs) return first.cpuMs;
  const found = samples.findIndex((sample) => sample.atMs >= atMs);
  const next = found === -1 ? samples.length - 1 : found;
  const [before, after] = samples.slice(next - 1, next + 1) as [Sample, Sample];
  return before.cpuMs + ((atMs - before.atMs) * (after.cpuMs - before.cpuMs)) / (after.atMs - before.atMs);
}
