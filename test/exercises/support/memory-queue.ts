import type { Move, Outcome, Standing } from '../probes/05-buffer-pool';

interface Waiting {
  readonly id: string;
  readonly size: number;
  readonly dueMs: number;
}

/** A strict queue for memory as a plain calculation: what has to be settled by each move, and how things stand after it. */
export class MemoryQueue {
  readonly #waiting: Waiting[] = [];
  #nowMs = 0;
  #settled: { id: string; outcome: Outcome }[] = [];
  free: number;

  constructor(readonly totalMemory: number) {
    this.free = totalMemory;
  }

  play(move: Move): void {
    if (move.do === 'allocate') this.#allocate(move.id, move.size, move.maxBlockMs);
    else if (move.do === 'deallocate') this.free += move.size;
    else this.#advance(move.ms);
    this.#serve();
  }

  /** What has happened since this was asked last. */
  standing(): Standing {
    const settled = this.#settled;
    this.#settled = [];
    return { settled, queued: this.#waiting.length, availableMemory: this.free };
  }

  get queued(): number {
    return this.#waiting.length;
  }

  /** Whether somebody gives up at that moment: two at once would leave open which of them does so first. */
  isDue(dueMs: number): boolean {
    return this.#waiting.some((one) => one.dueMs === dueMs);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  #allocate(id: string, size: number, maxBlockMs: number): void {
    if (size > this.totalMemory) this.#settled.push({ id, outcome: 'RangeError' });
    else if (maxBlockMs === 0 && size > this.free) this.#settled.push({ id, outcome: 'TimeoutError' });
    else this.#waiting.push({ id, size, dueMs: this.#nowMs + maxBlockMs });
  }

  #advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (; this.#nowMs < untilMs;) {
      this.#nowMs += 1;
      const index = this.#waiting.findIndex(({ dueMs }) => dueMs === this.#nowMs);
      if (index < 0) continue;
      const [gone] = this.#waiting.splice(index, 1);
      this.#settled.push({ id: gone!.id, outcome: 'TimeoutError' });
      this.#serve();
    }
  }

  #serve(): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.size <= this.free) {
      const { id, size } = this.#waiting.shift()!;
      this.free -= size;
      this.#settled.push({ id, outcome: 'granted' });
    }
  }
}
