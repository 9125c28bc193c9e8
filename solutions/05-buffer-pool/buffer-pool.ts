import { TimeoutError } from '../../src/producer/index';
import type { MemoryPool } from '../../src/producer/index';
import type { Clock } from '../../src/support/clock';

/** A caller whose allocate() could not be served at once. */
interface Waiter {
  readonly size: number;
  /** Resolves the promise of allocate(). Take the memory before you call it. */
  readonly grant: () => void;
}

/**
 * The account of `buffer.memory`: how many bytes are free, and who waits for how many. It holds no buffers, only numbers.
 */
export class BufferPool implements MemoryPool {
  // @todo Keep what the pool has to remember: how many bytes are free, and who waits, in order.
  // @stub // (a private field or two)
  #free: number;
  readonly #waiters: Waiter[] = [];
  // @end

  /** @param totalMemory bytes. @param clock for the timeouts: `clock.after(ms, fn)` returns a function that cancels the call. */
  constructor(
    private readonly totalMemory: number,
    private readonly clock: Clock,
  ) {
    // @todo All of the memory is free in the beginning.
    this.#free = totalMemory;
    // @end
  }

  /** The number of free bytes. */
  get availableMemory(): number {
    // @todo Return it.
    return this.#free;
    // @end
  }

  /** The number of waiters. */
  get queued(): number {
    // @todo Return it.
    return this.#waiters.length;
    // @end
  }

  /** Resolves when `size` bytes belong to the caller. */
  allocate(size: number, maxBlockMs: number): Promise<void> {
    // @todo Hand out memory, strictly in the order in which it was requested. (Kafka's own pool is less strict: see the README.)
    // 1. A request for more than the whole pool can never be served: a RangeError at once.
    // 2. If enough is free and nobody waits, the caller gets it at once.
    // 3. Otherwise the caller waits in the queue. With a `maxBlockMs` of 0 it does not wait: a TimeoutError at once.
    // 4. A waiter that has waited for `maxBlockMs` leaves the queue with a TimeoutError, and keeps nothing.
    //    The waiters behind it may fit now.
    if (size > this.totalMemory) {
      const message = `A pool of ${this.totalMemory} bytes can never hand out ${size}: send smaller records, or raise buffer.memory.`;
      return Promise.reject(new RangeError(message));
    }
    // "Nobody waits" keeps small requests from overtaking a large one. Kafka's own pool does not ask this.
    if (this.#waiters.length === 0 && size <= this.#free) {
      this.#free -= size;
      return Promise.resolve();
    }
    const timedOut = (): TimeoutError =>
      new TimeoutError(
        `There were no ${size} free bytes within ${maxBlockMs} ms: send more slowly, or raise buffer.memory.`,
      );
    if (maxBlockMs <= 0) return Promise.reject(timedOut());

    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(maxBlockMs, () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(timedOut());
        // If this was the first waiter, what is free may be enough for the next one.
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
    // @todo Take the memory back, and serve as many waiters as it is enough for.
    this.#free += size;
    this.#serve();
    // @end
  }
  // @todo You may want a private method that serves the queue from its front.
  // @stub // (it is not required)

  #serve(): void {
    for (let first = this.#waiters[0]; first !== undefined; first = this.#waiters[0]) {
      // Stop at the first waiter that does not fit, even if one behind it would: nobody overtakes.
      if (first.size > this.#free) return;
      this.#waiters.shift();
      // Take it here, not when the caller wakes up: until then another caller could allocate it.
      this.#free -= first.size;
      first.grant();
    }
  }
  // @end
}
