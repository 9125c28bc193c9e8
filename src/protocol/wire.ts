/** A buffer from this size on goes to the socket as it is; a smaller one is cheaper to copy than to write by itself. */
const COPY_BELOW_BYTES = 4096;

/** The UUID that means "none". */
export const ZERO_UUID = 'A'.repeat(22);

export interface TaggedField {
  readonly tag: number;
  readonly write: (writer: WireWriter) => void;
}

/**
 * Writes the primitive types of Kafka's protocol, big-endian, into as few buffers as possible. Flexible versions (KIP-482)
 * write lengths as unsigned varints plus one, and tagged fields behind each structure.
 */
export class WireWriter {
  readonly #parts: Buffer[] = [];
  readonly #flexible: boolean;
  #buffer: Buffer;
  #start = 0;
  #end = 0;

  constructor({ flexible = false, capacity = 256 }: { flexible?: boolean; capacity?: number } = {}) {
    this.#flexible = flexible;
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
    if (!this.#flexible) return this.classicString(value);
    this.#length(value === null ? -1 : Buffer.byteLength(value, 'utf8'));
    return value === null ? this : this.#text(value);
  }

  /** The client id of a request header has a classic length in every version. */
  classicString(value: string | null): this {
    this.int16(value === null ? -1 : Buffer.byteLength(value, 'utf8'));
    return value === null ? this : this.#text(value);
  }

  /** Length and bytes. Large buffers are not copied: they must not change before the request is written. */
  bytes(value: Buffer | null): this {
    this.#length(value === null ? -1 : value.length);
    return value === null ? this : this.raw(value);
  }

  /** A UUID in Kafka's text form (see `WireReader.uuid`): 16 bytes without a length. */
  uuid(value: string): this {
    return this.raw(Buffer.from(value, 'base64url'));
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.#length(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** Tagged fields, by ascending tag: what each `write` writes is counted first. Classic versions have none. */
  tags(fields: readonly TaggedField[] = []): this {
    if (!this.#flexible) return this;
    this.#unsignedVarint(fields.length);
    for (const { tag, write } of fields) {
      const content = new WireWriter({ flexible: true });
      write(content);
      const bytes = Buffer.concat(content.finish());
      this.#unsignedVarint(tag).#unsignedVarint(bytes.length).raw(bytes);
    }
    return this;
  }

  /** Bytes without a length. */
  raw(value: Buffer): this {
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

  /** What was written in one buffer, behind its length. */
  frame(): Buffer {
    const parts = this.finish();
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(parts.reduce((sum, part) => sum + part.length, 0));
    return Buffer.concat([length, ...parts]);
  }

  #text(value: string): this {
    const size = Buffer.byteLength(value, 'utf8');
    this.#reserve(size);
    this.#end += this.#buffer.write(value, this.#end, 'utf8');
    return this;
  }

  #length(length: number): this {
    return this.#flexible ? this.#unsignedVarint(length + 1) : this.int32(length);
  }

  #unsignedVarint(value: number): this {
    this.#reserve(5);
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#end = this.#buffer.writeUInt8((rest & 0x7f) | 0x80, this.#end);
    this.#end = this.#buffer.writeUInt8(rest, this.#end);
    return this;
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

/** The counterpart of WireWriter. Reading past the end throws a RangeError. */
export class WireReader {
  readonly bytesRead: Buffer;
  readonly #flexible: boolean;
  #at: number;

  constructor(bytes: Buffer, { offset = 0, flexible = false }: { offset?: number; flexible?: boolean } = {}) {
    this.bytesRead = bytes;
    this.#at = offset;
    this.#flexible = flexible;
  }

  /** Where the next value starts. */
  get offset(): number {
    return this.#at;
  }

  int8(): number {
    return this.bytesRead.readInt8(this.#skip(1));
  }

  int16(): number {
    return this.bytesRead.readInt16BE(this.#skip(2));
  }

  int32(): number {
    return this.bytesRead.readInt32BE(this.#skip(4));
  }

  int64(): bigint {
    return this.bytesRead.readBigInt64BE(this.#skip(8));
  }

  nullableString(): string | null {
    return this.#text(this.#flexible ? this.#unsignedVarint() - 1 : this.int16());
  }

  /** Empty for null. */
  string(): string {
    return this.nullableString() ?? '';
  }

  /** The client id of a request header has a classic length in every version. */
  classicString(): string | null {
    return this.#text(this.int16());
  }

  /** A view, empty for null. */
  bytes(): Buffer {
    return this.#view(Math.max(this.#length(), 0));
  }

  /** As Kafka's own tools print it: base64 for URLs, 22 characters (`org.apache.kafka.common.Uuid`). */
  uuid(): string {
    return this.#view(16).toString('base64url');
  }

  /** Empty for null. */
  array<T>(readItem: () => T): T[] {
    const items: T[] = [];
    for (let left = this.#length(); left > 0; left--) items.push(readItem());
    return items;
  }

  /**
   * Reads the tagged fields that `known` has a function for, and skips all others: a newer broker may add some to any
   * flexible version (KIP-482). Classic versions have none.
   */
  tags(known: Readonly<Record<number, () => void>> = {}): void {
    if (!this.#flexible) return;
    for (let count = this.#unsignedVarint(); count > 0; count--) {
      const read = known[this.#unsignedVarint()];
      const size = this.#unsignedVarint();
      const start = this.#at;
      this.#view(size);
      const end = this.#at;
      if (read === undefined) continue;
      this.#at = start;
      read();
      if (this.#at > end)
        throw new RangeError(`A tagged field of ${size} bytes ended after ${this.#at - start}.`);
      this.#at = end;
    }
  }

  rest(): Buffer {
    return this.bytesRead.subarray(this.#at);
  }

  #text(size: number): string | null {
    return size < 0 ? null : this.#view(size).toString('utf8');
  }

  #length(): number {
    return this.#flexible ? this.#unsignedVarint() - 1 : this.int32();
  }

  #unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytesRead.readUInt8(this.#skip(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError(`The unsigned varint before byte ${this.#at} is longer than 5 bytes.`);
  }

  #skip(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  #view(size: number): Buffer {
    const at = this.#skip(size);
    if (this.#at > this.bytesRead.length) {
      throw new RangeError(
        `A value of ${size} bytes at byte ${at} does not fit in ${this.bytesRead.length} bytes.`,
      );
    }
    return this.bytesRead.subarray(at, this.#at);
  }
}
