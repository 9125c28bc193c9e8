import { TimeoutError } from '../../src/producer/index';
import type { MemoryPool } from '../../src/producer/index';
import type { Clock } from '../../src/support/clock';

/** Someone whose allocate() could not be served at once. */
interface Waiter {
  readonly size: number;
  /** Settles the promise; the memory is taken by whoever calls it. */
  readonly grant: () => void;
}

/**
 * The account of `buffer.memory`: who got how many bytes, and who waits for some. No buffers, only numbers.
 */
export class BufferPool implements MemoryPool {
  // @todo Keep what the pool has to remember: how many bytes are free, and who waits, in order.
  // @stub // (a private field or two)
  #free: number;
  readonly #waiters: Waiter[] = [];
  // @end

  /** @param totalMemory bytes. @param clock for the time-outs: `clock.after(ms, fn)` returns a function that cancels. */
  constructor(
    private readonly totalMemory: number,
    private readonly clock: Clock,
  ) {
    // @todo All of the memory is free in the beginning.
    this.#free = totalMemory;
    // @end
  }

  /** Bytes that nobody has. */
  get availableMemory(): number {
    // @todo Return it.
    return this.#free;
    // @end
  }

  /** How many wait for memory. */
  get queued(): number {
    // @todo Return it.
    return this.#waiters.length;
    // @end
  }

  /** Resolves when `size` bytes belong to the caller. */
  allocate(size: number, maxBlockMs: number): Promise<void> {
    // @todo Give out memory, strictly in the order in which it was asked for.
    // 1. More than the whole pool can never be had: a RangeError at once.
    // 2. If there is enough, and nobody waits, the caller has it at once.
    // 3. Else the caller waits in the queue; with a `maxBlockMs` of 0 there is nothing to wait for: a TimeoutError at once.
    // 4. Whoever has waited for `maxBlockMs` leaves the queue with a TimeoutError, and keeps nothing.
    //    Those behind may fit now.
    if (size > this.totalMemory) {
      const message = `${size} bytes can never be had from a pool of ${this.totalMemory}.`;
      return Promise.reject(new RangeError(message));
    }
    // "Nobody waits" is what keeps small requests from overtaking a large one for ever.
    if (this.#waiters.length === 0 && size <= this.#free) {
      this.#free -= size;
      return Promise.resolve();
    }
    const timedOut = (): TimeoutError =>
      new TimeoutError(
        `No ${size} bytes of memory within ${maxBlockMs} ms: send slower, or raise buffer.memory.`,
      );
    if (maxBlockMs <= 0) return Promise.reject(timedOut());

    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(maxBlockMs, () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(timedOut());
        // If this was the first in the queue, what it waited for may be enough for the next.
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
    // @end
  }

  /** Takes `size` bytes back. */
  deallocate(size: number): void {
    // @todo Take the memory back, and serve those who wait, as many as it is enough for.
    this.#free += size;
    this.#serve();
    // @end
  }
  // @todo You may want a private method that serves the queue from its front.
  // @stub // (it is not required)

  #serve(): void {
    for (let first = this.#waiters[0]; first !== undefined; first = this.#waiters[0]) {
      // Stop at the first who does not fit, even if somebody behind it would: that is what "no overtaking" means.
      if (first.size > this.#free) return;
      this.#waiters.shift();
      // Taken here and not when the caller wakes up: until then anyone could allocate it.
      this.#free -= first.size;
      first.grant();
    }
  }
  // @end
}
