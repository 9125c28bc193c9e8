import type { Clock } from '../../support/clock';
import { BufferExhaustedError, IllegalArgumentError, KafkaError } from '../../protocol/errors';
import type { MemoryPool } from '../producer-parts';
import { WaitingLine } from './waiting-line';

interface Waiter {
  readonly size: number;
  readonly grant: () => void;
  readonly fail: (error: Error) => void;
}

const GRANTED = Promise.resolve();

/**
 * The account of `buffer.memory`: Java's BufferPool without the buffers, which AppendBuffers keeps. What must stay true: memory is handed out strictly in the order of asking. Nobody
 * overtakes the first waiter, however little he wants; otherwise a stream of small records would starve a large one for ever.
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

  get availableMemory(): number {
    return this.#available;
  }

  get queued(): number {
    return this.#waiters.length;
  }

  /** Takes the memory only if that needs no wait: true if it did. */
  tryAllocate(size: number): boolean {
    if (this.#closed || this.#waiters.length > 0 || size > this.#available) return false;
    this.#available -= size;
    return true;
  }

  allocate(size: number, maxBlockMs: number): Promise<void> {
    if (size > this.totalMemory) {
      return Promise.reject(
        new IllegalArgumentError(
          `${size} bytes were asked for, but the whole pool (buffer.memory) has ${this.totalMemory}.`,
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

  /** Fails all who wait and all who come; memory can still be given back. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters.takeAll()) waiter.fail(closedError());
  }

  #wait(size: number, maxBlockMs: number): Promise<void> {
    const startedMs = this.clock.now();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        size,
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
        reject(this.#exhausted(size, this.clock.now() - startedMs));
        // The one behind may want less than the one who has left.
        this.#serveWaiters();
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
      if (first.size > this.#available) return;
      this.#waiters.remove(first);
      this.#available -= first.size;
      first.grant();
    }
  }

  #exhausted(size: number, waitedMs: number): BufferExhaustedError {
    return new BufferExhaustedError(
      `No ${size} bytes were free within ${waitedMs} ms (max.block.ms): ${this.#available} of ${this.totalMemory} ` +
        'bytes (buffer.memory) are. Records are produced faster than they can be sent.',
    );
  }
}

function closedError(): KafkaError {
  return new KafkaError('The producer was closed while memory was waited for.');
}
