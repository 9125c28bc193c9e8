/** A batch from this size on goes to the socket as it is; a smaller one is cheaper copied than written by itself. */
const COPY_BELOW_BYTES = 4096;

/** Writes the primitive types of Kafka's protocol, big-endian, into as few buffers as possible. */
export class WireWriter {
  readonly #parts: Buffer[] = [];
  #buffer: Buffer;
  #start = 0;
  #end = 0;

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  int8(value: number): this {
    this.#reserve(1);
    this.#end = this.#buffer.writeInt8(value, this.#end);
    return this;
  }

  int16(value: number): this {
    this.#reserve(2);
    this.#end = this.#buffer.writeInt16BE(value, this.#end);
    return this;
  }

  int32(value: number): this {
    this.#reserve(4);
    this.#end = this.#buffer.writeInt32BE(value, this.#end);
    return this;
  }

  int64(value: bigint): this {
    this.#reserve(8);
    this.#end = this.#buffer.writeBigInt64BE(value, this.#end);
    return this;
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const size = Buffer.byteLength(value, 'utf8');
    this.int16(size);
    this.#reserve(size);
    this.#end += this.#buffer.write(value, this.#end, 'utf8');
    return this;
  }

  /** Length and bytes. Large ones are not copied: they must not change before the request is written. */
  bytes(value: Buffer): this {
    this.int32(value.length);
    if (value.length < COPY_BELOW_BYTES) {
      this.#reserve(value.length);
      this.#end += value.copy(this.#buffer, this.#end);
      return this;
    }
    this.#cut();
    this.#parts.push(value);
    return this;
  }

  /** What was written, in order. */
  finish(): Buffer[] {
    this.#cut();
    return this.#parts;
  }

  #cut(): void {
    if (this.#end > this.#start) this.#parts.push(this.#buffer.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    this.#cut();
    this.#buffer = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, bytes));
    this.#start = this.#end = 0;
  }
}

/** Reads them back. Buffer's own RangeError tells of an answer that is shorter than it should be. */
export class WireReader {
  #at = 0;

  constructor(private readonly buffer: Buffer) {}

  int8(): number {
    return this.buffer.readInt8(this.#skip(1));
  }

  int16(): number {
    return this.buffer.readInt16BE(this.#skip(2));
  }

  int32(): number {
    return this.buffer.readInt32BE(this.#skip(4));
  }

  int64(): bigint {
    return this.buffer.readBigInt64BE(this.#skip(8));
  }

  nullableString(): string | null {
    const size = this.int16();
    return size < 0 ? null : this.#view(size).toString('utf8');
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  /** A view, empty for null. */
  bytes(): Buffer {
    return this.#view(Math.max(this.int32(), 0));
  }

  /** Empty for null. */
  array<T>(readItem: () => T): T[] {
    const items: T[] = [];
    for (let left = this.int32(); left > 0; left--) items.push(readItem());
    return items;
  }

  #skip(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  #view(size: number): Buffer {
    const at = this.#skip(size);
    if (this.#at > this.buffer.length)
      throw new RangeError(`The answer ends ${this.#at - this.buffer.length} bytes early.`);
    return this.buffer.subarray(at, this.#at);
  }
}
