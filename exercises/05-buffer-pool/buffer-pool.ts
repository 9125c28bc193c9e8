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
  // TODO: Keep what the pool has to remember: how many bytes are free, and who waits, in order.
  // (a private field or two)

  /** @param totalMemory bytes. @param clock for the time-outs: `clock.after(ms, fn)` returns a function that cancels. */
  constructor(
    private readonly totalMemory: number,
    private readonly clock: Clock,
  ) {
    // TODO: All of the memory is free in the beginning.
    throw new Error('not started yet');
  }

  /** Bytes that nobody has. */
  get availableMemory(): number {
    // TODO: Return it.
    throw new Error('not started yet');
  }

  /** How many wait for memory. */
  get queued(): number {
    // TODO: Return it.
    throw new Error('not started yet');
  }

  /** Resolves when `size` bytes belong to the caller. */
  allocate(size: number, maxBlockMs: number): Promise<void> {
    // TODO: Give out memory, strictly in the order in which it was asked for.
    // 1. More than the whole pool can never be had: a RangeError at once.
    // 2. If there is enough, and nobody waits, the caller has it at once.
    // 3. Else the caller waits in the queue; with a `maxBlockMs` of 0 there is nothing to wait for: a TimeoutError at once.
    // 4. Whoever has waited for `maxBlockMs` leaves the queue with a TimeoutError, and keeps nothing.
    //    Those behind may fit now.
    throw new Error('not started yet');
  }

  /** Takes `size` bytes back. */
  deallocate(size: number): void {
    // TODO: Take the memory back, and serve those who wait, as many as it is enough for.
    throw new Error('not started yet');
  }
  // TODO: You may want a private method that serves the queue from its front.
  // (it is not required)
}
