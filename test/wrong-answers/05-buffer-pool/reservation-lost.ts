// caught by: lets go whoever has waited too long, and keeps nothing of theirs
import { TimeoutError } from '../../../src/producer/index';
import type { MemoryPool } from '../../../src/producer/index';
import type { Clock } from '../../../src/support/clock';

interface Waiter {
  missing: number;
  readonly grant: () => void;
}

// The first in the queue puts aside what comes free, and takes it along when it gives up.
export class BufferPool implements MemoryPool {
  availableMemory: number;
  readonly #waiters: Waiter[] = [];

  constructor(
    private readonly totalMemory: number,
    private readonly clock: Clock,
  ) {
    this.availableMemory = totalMemory;
  }

  get queued(): number {
    return this.#waiters.length;
  }

  async allocate(size: number, maxBlockMs: number): Promise<void> {
    if (size > this.totalMemory) throw new RangeError(`${size} is more than the pool`);
    if (this.#waiters.length === 0 && size <= this.availableMemory) {
      this.availableMemory -= size;
      return;
    }
    if (maxBlockMs === 0) throw new TimeoutError('not at once');
    await new Promise<void>((resolve, reject) => {
      const cancel = this.clock.after(maxBlockMs, () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new TimeoutError('too late'));
        this.#share();
      });
      const waiter = { missing: size, grant: () => (cancel(), resolve()) };
      this.#waiters.push(waiter);
      this.#share();
    });
  }

  deallocate(size: number): void {
    this.availableMemory += size;
    this.#share();
  }

  #share(): void {
    for (let first = this.#waiters[0]; first !== undefined; first = this.#waiters[0]) {
      const got = Math.min(first.missing, this.availableMemory);
      first.missing -= got;
      this.availableMemory -= got;
      if (first.missing > 0) return;
      this.#waiters.shift();
      first.grant();
    }
  }
}
