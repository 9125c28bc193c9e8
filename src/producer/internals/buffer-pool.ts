import { BufferExhaustedError, IllegalArgumentError, KafkaError } from '../../protocol/errors';
import type { Clock } from '../../support/clock';
import type { MemoryPool } from '../producer-parts';
import { WaitingLine } from './waiting-line';

interface Waiter {
  readonly size: number;
  /** Bytes that are set aside for it already. */
  held: number;
  readonly grant: () => void;
  readonly fail: (error: Error) => void;
}

const GRANTED = Promise.resolve();

/**
 * The account of `buffer.memory`: Java's BufferPool without the buffers, which AppendBuffers keeps. Waiters are served in
 * order: freed memory is set aside for the first one until it has enough. A newcomer is not a waiter: if its request fits in
 * what is free at that moment, it is served at once, past all waiters (D-11). Exercise 05 asks for a stricter pool.
 */
export class BufferPool implements MemoryPool {
  readonly #waiters = new WaitingLine<Waiter>();
  #available: number;
  #closed = false;

  constructor(
    readonly totalMemory: number,
    private readonly clock: Clock,
  ) {
    this.#available = totalMemory;
  }

  /** Bytes that are free: neither given out nor set aside for a waiter. */
  get availableMemory(): number {
    return this.#available;
  }

  get queued(): number {
    return this.#waiters.length;
  }

  /** Takes the memory only if that needs no wait: true if it did. */
  tryAllocate(size: number): boolean {
    if (this.#closed || size > this.#available) return false;
    this.#available -= size;
    // As Java's allocate() does before it returns: the first waiter takes what the newcomer has left.
    if (this.#waiters.length > 0) this.#serveWaiters();
    return true;
  }

  allocate(size: number, maxBlockMs: number): Promise<void> {
    if (size > this.totalMemory) {
      return Promise.reject(
        new IllegalArgumentError(
          `${size} bytes were requested, but the whole pool (buffer.memory) has ${this.totalMemory}: ` +
            'raise buffer.memory, or lower batch.size.',
        ),
      );
    }
    if (this.#closed) return Promise.reject(closedError());
    if (this.tryAllocate(size)) return GRANTED;
    return this.#wait(size, maxBlockMs);
  }

  deallocate(size: number): void {
    this.#available += size;
    this.#serveWaiters();
  }

  /** Rejects all waiters and all later requests; memory can still be given back. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters.takeAll()) {
      this.#available += waiter.held;
      waiter.fail(closedError());
    }
  }

  #wait(size: number, maxBlockMs: number): Promise<void> {
    const startedMs = this.clock.now();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        size,
        held: 0,
        grant: () => {
          cancel();
          resolve();
        },
        fail: (error) => {
          cancel();
          reject(error);
        },
      };
      const giveUp = () => {
        this.#waiters.remove(waiter);
        reject(this.#exhausted(waiter, this.clock.now() - startedMs));
        // What was set aside may be enough for the next waiter (D-07).
        this.deallocate(waiter.held);
      };
      this.#waiters.add(waiter);
      const cancel = this.clock.after(maxBlockMs, giveUp);
      if (maxBlockMs <= 0) {
        cancel();
        giveUp();
      }
    });
  }

  #serveWaiters(): void {
    for (let first = this.#waiters.first; first !== undefined; first = this.#waiters.first) {
      const taken = Math.min(first.size - first.held, this.#available);
      first.held += taken;
      this.#available -= taken;
      if (first.held < first.size) return;
      this.#waiters.remove(first);
      first.grant();
    }
  }

  #exhausted({ size, held }: Waiter, waitedMs: number): BufferExhaustedError {
    return new BufferExhaustedError(
      `buffer.memory (${this.totalMemory} bytes) is full: ${size} bytes were not free within ${waitedMs} ms ` +
        `(max.block.ms), ${this.#available + held} were. Records are produced faster than they can be sent.`,
    );
  }
}

function closedError(): KafkaError {
  return new KafkaError('The producer was closed while a record was waiting for memory.');
}
