/**
 * Keeps the buffers of finished batches for new ones. Allocating 64 KB for each batch is what costs a fast producer in
 * garbage collection, not the copying. The bytes are bounded; the accounting of `buffer.memory` is the buffer pool's.
 */
export class AppendBuffers {
  readonly #free: Buffer[] = [];
  #freeBytes = 0;

  constructor(private readonly maxFreeBytes: number) {}

  /**
   * A buffer of at least this size, with whatever bytes are in it. The one given back last comes first: it is still cached.
   * A much larger one is left for a batch that needs it.
   */
  take(minSize: number, maxSize = 4 * minSize): Buffer {
    for (let at = this.#free.length - 1; at >= 0; at--) {
      const buffer = this.#free[at]!;
      if (buffer.length < minSize || buffer.length > maxSize) continue;
      this.#free.splice(at, 1);
      this.#freeBytes -= buffer.length;
      return buffer;
    }
    return Buffer.allocUnsafeSlow(minSize);
  }

  /** Only for a buffer that nobody will read again, a socket that is still writing included. */
  give(buffer: Buffer): void {
    if (this.#freeBytes + buffer.length > this.maxFreeBytes) return;
    this.#free.push(buffer);
    this.#freeBytes += buffer.length;
  }
}
