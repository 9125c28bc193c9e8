// caught by: serves those who wait in the order in which they asked
import { TimeoutError } from '../../../src/producer/index';
import type { MemoryPool } from '../../../src/producer/index';
import type { Clock } from '../../../src/support/clock';

interface Waiter {
  readonly size: number;
  readonly grant: () => void;
}

// Whoever finds enough memory takes it, though somebody else has been waiting for it.
export class BufferPool implements MemoryPool {
  #free: number;
  readonly #waiters: Waiter[] = [];

  constructor(
    private readonly totalMemory: number,
    private readonly clock: Clock,
  ) {
    this.#free = totalMemory;
  }

  get availableMemory(): number {
    return this.#free;
  }

  get queued(): number {
    return this.#waiters.length;
  }

  allocate(size: number, maxBlockMs: number): Promise<void> {
    if (size > this.totalMemory) return Promise.reject(new RangeError(`${size} is more than the pool`));
    if (size <= this.#free) {
      this.#free -= size;
      return Promise.resolve();
    }
    if (maxBlockMs === 0) return Promise.reject(new TimeoutError('not at once'));
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(maxBlockMs, () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new TimeoutError(`not within ${maxBlockMs} ms`));
        this.#serve();
      });
      const waiter: Waiter = {
        size,
        grant: () => {
          cancel();
          resolve();
        },
      };
      this.#waiters.push(waiter);
    });
  }

  deallocate(size: number): void {
    this.#free += size;
    this.#serve();
  }

  #serve(): void {
    for (let first = this.#waiters[0]; first !== undefined; first = this.#waiters[0]) {
      if (first.size > this.#free) return;
      this.#waiters.shift();
      this.#free -= first.size;
      first.grant();
    }
  }
}
