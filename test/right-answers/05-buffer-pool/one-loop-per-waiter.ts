import { TimeoutError } from '../../../src/producer/index';
import type { Clock } from '../../../src/support/clock';

/** One place in the queue; `look` wakes its owner. */
interface Place {
  look: () => void;
}

// Nobody hands out memory: everyone who waits looks for themselves when woken, and takes it only from the front.
export class BufferPool {
  availableMemory: number;
  private readonly places = new Set<Place>();

  constructor(
    private readonly totalMemory: number,
    private readonly clock: Clock,
  ) {
    this.availableMemory = totalMemory;
  }

  get queued(): number {
    return this.places.size;
  }

  async allocate(size: number, maxBlockMs: number): Promise<void> {
    if (size > this.totalMemory) throw new RangeError(`The pool has ${this.totalMemory} bytes.`);
    const place: Place = { look: () => {} };
    const untilMs = this.clock.now() + maxBlockMs;
    this.places.add(place);
    try {
      while (!this.isFirst(place) || size > this.availableMemory) {
        const leftMs = untilMs - this.clock.now();
        if (leftMs <= 0) throw new TimeoutError(`${size} bytes, ${maxBlockMs} ms`);
        await new Promise<void>((resolve) => {
          const cancel = this.clock.after(leftMs, resolve);
          place.look = () => {
            cancel();
            resolve();
          };
        });
      }
      this.availableMemory -= size;
    } finally {
      this.places.delete(place);
      this.wakeFirst();
    }
  }

  deallocate(size: number): void {
    this.availableMemory += size;
    this.wakeFirst();
  }

  private isFirst(place: Place): boolean {
    return this.places.values().next().value === place;
  }

  private wakeFirst(): void {
    this.places.values().next().value?.look();
  }
}
