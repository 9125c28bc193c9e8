/**
 * Zig-zag variable-length numbers of the record format (`org.apache.kafka.common.utils.ByteUtils`): 7 bits per byte, small
 * magnitudes short whatever their sign. Writers return the offset behind what they wrote, so that a record is one chain of
 * calls without any allocation.
 */

export const MAX_VARINT_BYTES = 5;

/** Bytes that a signed 32-bit number takes: 1 to 5. */
export function sizeOfVarint(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x200000) return 3;
  return zigzag < 0x10000000 ? 4 : 5;
}

export function writeVarint(buffer: Uint8Array, offset: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  while (rest > 0x7f) {
    buffer[offset++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[offset++] = rest;
  return offset;
}

/** Bytes that a 64-bit number takes. Exact for every safe integer: timestamps and their deltas need no BigInt. */
export function sizeOfVarlong(value: number): number {
  if (value === (value | 0)) return sizeOfVarint(value);
  let rest = Math.floor(magnitude(value) / 64);
  let size = 1;
  for (; rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
}

export function writeVarlong(buffer: Uint8Array, offset: number, value: number): number {
  if (value === (value | 0)) return writeVarint(buffer, offset, value);
  // The sign bit sits below the magnitude: taking it with the first six bits keeps everything within 2^53.
  const first = magnitude(value);
  let low = ((first % 64) << 1) | (value < 0 ? 1 : 0);
  for (let rest = Math.floor(first / 64); rest > 0; rest = Math.floor(rest / 128)) {
    buffer[offset++] = low | 0x80;
    low = rest % 128;
  }
  buffer[offset++] = low;
  return offset;
}

function magnitude(value: number): number {
  return value < 0 ? -(value + 1) : value;
}

/** Reads varints one after the other. Throws a RangeError when the bytes end early or a number is longer than it may be. */
export class VarintReader {
  constructor(
    readonly bytes: Buffer,
    public offset = 0,
  ) {}

  readVarint(): number {
    let zigzag = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.readByte();
      if (shift === 28 && byte > 0x0f)
        throw new RangeError(`The varint before byte ${this.offset} exceeds 32 bits.`);
      zigzag |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    throw new RangeError(`The varint before byte ${this.offset} is longer than ${MAX_VARINT_BYTES} bytes.`);
  }

  /** A 64-bit number as a JavaScript number; one beyond 2^53 is a RangeError. */
  readVarlong(): number {
    const first = this.readByte();
    let value = (first & 0x7f) >>> 1;
    let scale = 64;
    for (let byte = first; byte >= 0x80; scale *= 128) {
      if (scale > 2 ** 62)
        throw new RangeError(`The varlong before byte ${this.offset} is longer than 10 bytes.`);
      byte = this.readByte();
      value += (byte & 0x7f) * scale;
    }
    if (value > Number.MAX_SAFE_INTEGER) {
      throw new RangeError(`The varlong before byte ${this.offset} exceeds ${Number.MAX_SAFE_INTEGER}.`);
    }
    return (first & 1) === 1 ? -value - 1 : value;
  }

  /** A view, not a copy. */
  readBytes(length: number): Buffer {
    const end = this.offset + length;
    if (length < 0 || end > this.bytes.length) {
      throw new RangeError(
        `${length} bytes at byte ${this.offset} do not fit in ${this.bytes.length} bytes.`,
      );
    }
    const view = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return view;
  }

  readByte(): number {
    const byte = this.bytes[this.offset];
    if (byte === undefined)
      throw new RangeError(`The bytes end at ${this.offset}, in the middle of a number.`);
    this.offset++;
    return byte;
  }
}
