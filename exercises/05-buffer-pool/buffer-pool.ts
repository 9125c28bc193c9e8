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
  // TODO: Keep what the pool has to remember: how many bytes are free, and who waits, in order.
  // (a private field or two)

  /** @param totalMemory bytes. @param clock for the timeouts: `clock.after(ms, fn)` returns a function that cancels the call. */
  constructor(
    private readonly totalMemory: number,
    private readonly clock: Clock,
  ) {
    // TODO: All of the memory is free in the beginning.
    throw new Error('not started yet');
  }

  /** The number of free bytes. */
  get availableMemory(): number {
    // TODO: Return it.
    throw new Error('not started yet');
  }

  /** The number of waiters. */
  get queued(): number {
    // TODO: Return it.
    throw new Error('not started yet');
  }

  /** Resolves when `size` bytes belong to the caller. */
  allocate(size: number, maxBlockMs: number): Promise<void> {
    // TODO: Hand out memory, strictly in the order in which it was requested. (Kafka's own pool is less strict: see the README.)
    // 1. A request for more than the whole pool can never be served: a RangeError at once.
    // 2. If enough is free and nobody waits, the caller gets it at once.
    // 3. Otherwise the caller waits in the queue. With a `maxBlockMs` of 0 it does not wait: a TimeoutError at once.
    // 4. A waiter that has waited for `maxBlockMs` leaves the queue with a TimeoutError, and keeps nothing.
    //    The waiters behind it may fit now.
    throw new Error('not started yet');
  }

  /** Takes `size` bytes back. */
  deallocate(size: number): void {
    // TODO: Take the memory back, and serve as many waiters as it is enough for.
    throw new Error('not started yet');
  }
  // TODO: You may want a private method that serves the queue from its front.
  // (it is not required)
}
