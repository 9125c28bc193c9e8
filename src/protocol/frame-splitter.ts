/** Longer than any request that a broker takes (socket.request.max.bytes is 100 MB): not Kafka's protocol, then. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** Cuts a byte stream into frames: four bytes of length, then that many bytes. Each frame includes its length. */
export class FrameSplitter {
  #chunks: Buffer[] = [];
  #size = 0;

  /** The frames that are complete with this chunk. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Buffer[] = [];
    for (let needed = this.#needed(); this.#size >= needed; needed = this.#needed()) {
      const bytes = this.#joined();
      frames.push(bytes.subarray(0, needed));
      this.#chunks = [bytes.subarray(needed)];
      this.#size -= needed;
    }
    return frames;
  }

  /** Size of the frame at the start, or more than there is while not even its length is known. */
  #needed(): number {
    if (this.#size < 4) return Infinity;
    if ((this.#chunks[0] as Buffer).length < 4) this.#joined();
    const length = (this.#chunks[0] as Buffer).readInt32BE(0);
    if (length < 4 || length > MAX_FRAME_BYTES) {
      throw new RangeError(`A frame of ${length} bytes is not Kafka’s protocol.`);
    }
    return 4 + length;
  }

  #joined(): Buffer {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    return bytes;
  }
}
