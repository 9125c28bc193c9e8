/**
 * Primitive types of Kafka's protocol, classic and "flexible" (KIP-482: lengths as unsigned varints plus one, tagged
 * fields behind each structure). Reading past the end is a RangeError.
 */
export class WireReader {
  constructor(
    readonly bytes: Buffer,
    public offset: number,
    readonly flexible: boolean,
  ) {}

  int8(): number {
    return this.bytes.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#advance(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.#advance(8));
  }

  string(): string | null {
    return this.#text(this.flexible ? this.#unsignedVarint() - 1 : this.int16());
  }

  /** The client id of a request header stays classic in every version. */
  classicString(): string | null {
    return this.#text(this.int16());
  }

  /** A view; null stays null. */
  byteArray(): Buffer | null {
    const length = this.flexible ? this.#unsignedVarint() - 1 : this.int32();
    if (length < 0) return null;
    const at = this.#advance(length);
    return this.bytes.subarray(at, at + length);
  }

  array<T>(item: () => T): T[] {
    const length = this.flexible ? this.#unsignedVarint() - 1 : this.int32();
    const items: T[] = [];
    for (let index = 0; index < length; index++) items.push(item());
    return items;
  }

  /** Tagged fields mean nothing to the proxy; they are skipped, and are none in classic versions. */
  tags(): void {
    if (!this.flexible) return;
    for (let count = this.#unsignedVarint(); count > 0; count--) {
      this.#unsignedVarint();
      this.#advance(this.#unsignedVarint());
    }
  }

  rest(): Buffer {
    return this.bytes.subarray(this.offset);
  }

  #text(length: number): string | null {
    if (length < 0) return null;
    const at = this.#advance(length);
    return this.bytes.toString('utf8', at, at + length);
  }

  #unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes.readUInt8(this.#advance(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError(`The unsigned varint before byte ${this.offset} is longer than 5 bytes.`);
  }

  #advance(length: number): number {
    const at = this.offset;
    if (at + length > this.bytes.length) {
      throw new RangeError(
        `${length} bytes at byte ${at} do not fit in a frame of ${this.bytes.length} bytes.`,
      );
    }
    this.offset = at + length;
    return at;
  }
}

/** The counterpart of WireReader. Collects parts; `frame()` joins them behind their length. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  constructor(readonly flexible: boolean) {}

  int8(value: number): this {
    return this.#number(1, (bytes) => bytes.writeInt8(value));
  }

  int16(value: number): this {
    return this.#number(2, (bytes) => bytes.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#number(4, (bytes) => bytes.writeInt32BE(value));
  }

  int64(value: bigint): this {
    return this.#number(8, (bytes) => bytes.writeBigInt64BE(value));
  }

  string(value: string | null): this {
    const bytes = value === null ? null : Buffer.from(value, 'utf8');
    if (this.flexible) this.#unsignedVarint((bytes?.length ?? -1) + 1);
    else this.int16(bytes?.length ?? -1);
    return bytes === null ? this : this.raw(bytes);
  }

  classicString(value: string | null): this {
    const bytes = value === null ? null : Buffer.from(value, 'utf8');
    this.int16(bytes?.length ?? -1);
    return bytes === null ? this : this.raw(bytes);
  }

  byteArray(bytes: Buffer | null): this {
    if (this.flexible) this.#unsignedVarint((bytes?.length ?? -1) + 1);
    else this.int32(bytes?.length ?? -1);
    return bytes === null ? this : this.raw(bytes);
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    if (this.flexible) this.#unsignedVarint(items.length + 1);
    else this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** No tagged fields. */
  tags(): this {
    return this.flexible ? this.#unsignedVarint(0) : this;
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  frame(): Buffer {
    const size = this.#parts.reduce((sum, part) => sum + part.length, 0);
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(size);
    return Buffer.concat([length, ...this.#parts]);
  }

  #number(size: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.allocUnsafe(size);
    write(bytes);
    return this.raw(bytes);
  }

  #unsignedVarint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    return this.raw(Buffer.from(bytes));
  }
}

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
