import { BufferExhaustedError } from '../../../src/producer/index';
import type { Clock } from '../../../src/support/clock';

interface Waiter {
  readonly size: number;
  held: number;
  readonly wake: () => void;
}

// As Java does it: the first in the queue collects what comes free, and gives it back when it gives up.
export class BufferPool {
  #unallocated: number;
  #queue: Waiter[] = [];

  constructor(
    readonly totalMemory: number,
    readonly clock: Clock,
  ) {
    this.#unallocated = totalMemory;
  }

  get availableMemory(): number {
    return this.#unallocated;
  }

  get queued(): number {
    return this.#queue.length;
  }

  allocate(size: number, maxBlockMs: number): Promise<void> {
    if (size > this.totalMemory) throw new RangeError(`${size} > ${this.totalMemory}`);
    return this.#wait(size, maxBlockMs);
  }

  async #wait(size: number, maxBlockMs: number): Promise<void> {
    if (this.#queue.length === 0 && this.#unallocated >= size) {
      this.#unallocated -= size;
      return;
    }
    if (maxBlockMs === 0) throw new BufferExhaustedError('no memory, and no time to wait for some');
    const inTime = await new Promise<boolean>((resolve) => {
      const waiter: Waiter = { size, held: 0, wake: () => resolve(true) };
      this.#queue.push(waiter);
      this.#collect();
      const stop = this.clock.after(maxBlockMs, () => {
        if (!this.#queue.includes(waiter)) return;
        this.#queue = this.#queue.filter((one) => one !== waiter);
        this.#unallocated += waiter.held;
        this.#collect();
        stop();
        resolve(false);
      });
    });
    if (!inTime) throw new BufferExhaustedError(`no ${size} bytes within ${maxBlockMs} ms`);
  }

  deallocate(size: number): void {
    this.#unallocated += size;
    this.#collect();
  }

  #collect(): void {
    while (this.#queue.length > 0) {
      const first = this.#queue[0]!;
      const got = Math.min(first.size - first.held, this.#unallocated);
      first.held += got;
      this.#unallocated -= got;
      if (first.held < first.size) break;
      this.#queue.shift();
      first.wake();
    }
  }
}
