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

/** Read off the line through the samples; before the first and after the last it stays at those. */
export function cpuMsAt(samples: readonly Sample[], atMs: number): number {
  const next = samples.findIndex((sample) => sample.atMs >= atMs);
  const after = samples[next];
  const before = samples[next - 1];
  if (after === undefined) return samples[samples.length - 1]?.cpuMs ?? NaN;
  if (before === undefined) return after.cpuMs;
  const share = (atMs - before.atMs) / (after.atMs - before.atMs);
  return before.cpuMs + share * (after.cpuMs - before.cpuMs);
}
