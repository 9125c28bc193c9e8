import { NO_HEADERS } from '../protocol/header';
import type { Header } from '../protocol/header';
import { invalidRecord, unforeseen } from './batch-refusal';

/** A record of a batch, its offset and timestamp worked out as the broker does. */
export interface ReadRecord {
  /** Behind the base offset. */
  readonly offsetDelta: number;
  /** Milliseconds; -1 for none. A 64-bit number, so not always exact beyond 2^53. */
  readonly timestamp: number;
  /** null where only the sizes were read. Views, not copies. */
  readonly key: Buffer | null;
  readonly hasKey: boolean;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
}

export interface RecordReading {
  /** Uncompressed. */
  readonly records: Buffer;
  readonly recordCount: number;
  readonly baseTimestamp: bigint;
  /** Where the batch says LogAppendTime: the timestamp of all of its records. */
  readonly logAppendTime: bigint | null;
  /**
   * How Kafka reads: `buffer` an uncompressed batch; `stream` a compressed one; `skipping` a compressed one that it is going to
   * store as it is, where it checks neither a record's own length nor reads keys and values.
   */
  readonly as: 'buffer' | 'stream' | 'skipping';
}

/** Java's BufferUnderflowException and its IllegalArgumentException, which the broker does not treat alike everywhere. */
class ReadingFailure extends Error {
  constructor(readonly kind: 'underflow' | 'illegal') {
    super(kind);
  }
}

/**
 * Every record of a batch, read as `DefaultRecordBatch`'s iterators read it, with the same refusals. Not the decoder of
 * src/protocol: that one is strict about everything, and this one only about what the broker is strict about.
 */
export function readRecords(reading: RecordReading): ReadRecord[] {
  const { records: bytes, recordCount, as } = reading;
  const cursor = new Cursor(bytes);
  const base: BaseTimestamp = baseTimestampOf(reading);
  const records: ReadRecord[] = [];
  for (let index = 0; index < recordCount; index++) records.push(readOne(cursor, base, as));
  if (cursor.at !== bytes.length)
    throw invalidRecord('Incorrect declared batch size, records still remaining');
  return records;
}

interface BaseTimestamp {
  readonly base: bigint;
  /** null where `base` has no exact number. */
  readonly safeBase: number | null;
  readonly fixed: number | null;
}

function baseTimestampOf({ baseTimestamp, logAppendTime }: RecordReading): BaseTimestamp {
  const asNumber = Number(baseTimestamp);
  return {
    base: baseTimestamp,
    safeBase: Number.isSafeInteger(asNumber) ? asNumber : null,
    fixed: logAppendTime === null ? null : Number(logAppendTime),
  };
}

function readOne(cursor: Cursor, base: BaseTimestamp, as: RecordReading['as']): ReadRecord {
  const size = sizeOfNext(cursor, as);
  if (as === 'skipping') return readSkipping(cursor, base);
  const left = cursor.bytes.length - cursor.at;
  // A stream allocates the record's buffer first, which a negative size does not survive.
  if (left < size || (as === 'stream' && size < 0)) throw invalidRecord(`Invalid record size: ${size}`);
  // What a stream reads is a buffer of its own; what a buffer holds goes on behind the record.
  const body = as === 'stream' ? cursor.cut(size) : cursor;
  const start = body.at;
  const record = orInvalid(() => readBody(body, base));
  if (body.at - start !== size) throw invalidRecord(`Invalid record size: expected to read ${size} bytes`);
  return record;
}

function sizeOfNext(cursor: Cursor, as: RecordReading['as']): number {
  try {
    return cursor.varint();
  } catch (error) {
    // Only here does the buffer's reader let an IllegalArgumentException through.
    if (as === 'buffer' && error instanceof ReadingFailure && error.kind === 'illegal') {
      throw unforeseen('Varint is too long');
    }
    throw invalidRecord('Incorrect declared batch size, premature EOF reached');
  }
}

function orInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReadingFailure) throw invalidRecord('Found invalid record structure');
    throw error;
  }
}

function readBody(body: Cursor, base: BaseTimestamp): ReadRecord {
  body.byte(); // attributes
  const timestamp = body.timestamp(base);
  const offsetDelta = body.varint();
  const key = body.nullableBytes();
  const value = body.nullableBytes();
  const count = body.varint();
  if (count < 0 || count > body.bytes.length - body.at) throw new ReadingFailure('illegal');
  return {
    offsetDelta,
    timestamp,
    key,
    hasKey: key !== null,
    value,
    headers: count === 0 ? NO_HEADERS : readHeaders(body, count),
  };
}

function readHeaders(body: Cursor, count: number): Header[] {
  const headers: Header[] = [];
  for (let index = 0; index < count; index++) {
    const key = body.nullableBytes();
    if (key === null) throw new ReadingFailure('illegal');
    headers.push({ key: key.toString('utf8'), value: body.nullableBytes() });
  }
  return headers;
}

/** `DefaultRecord.readPartiallyFrom`. */
function readSkipping(cursor: Cursor, base: BaseTimestamp): ReadRecord {
  return orInvalid(() => {
    cursor.byte(); // attributes
    const timestamp = cursor.timestamp(base);
    const offsetDelta = cursor.varint();
    const key = cursor.nullableBytes();
    const value = cursor.nullableBytes();
    const count = cursor.varint();
    if (count < 0) throw new ReadingFailure('illegal');
    const headers = count === 0 ? NO_HEADERS : readHeaders(cursor, count);
    return { offsetDelta, timestamp, key, hasKey: key !== null, value, headers };
  });
}

/** Reads as `java.nio.ByteBuffer` and Kafka's `ByteUtils` do. */
class Cursor {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  /** The next bytes as a buffer of their own. */
  cut(size: number): Cursor {
    const body = new Cursor(this.bytes.subarray(this.at, this.at + size));
    this.at += size;
    return body;
  }

  byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new ReadingFailure('underflow');
    this.at++;
    return byte;
  }

  varint(): number {
    let zigzag = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte >= 0x80) throw new ReadingFailure('illegal');
      zigzag |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (zigzag >>> 1) ^ -(zigzag & 1);
    }
  }

  timestamp({ base, safeBase, fixed }: BaseTimestamp): number {
    const start = this.at;
    const delta = this.#shortVarlong();
    if (delta === null) this.at = start;
    const exact = delta === null ? BigInt.asIntN(64, base + this.#varlong()) : null;
    if (fixed !== null) return fixed;
    if (exact !== null) return Number(exact);
    return safeBase === null ? Number(BigInt.asIntN(64, base + BigInt(delta!))) : safeBase + delta!;
  }

  /** A view; null for any negative length, as `Utils.readBytes` has it. */
  nullableBytes(): Buffer | null {
    const size = this.varint();
    if (size < 0) return null;
    const end = this.at + size;
    if (end > this.bytes.length) throw new ReadingFailure('illegal');
    const view = this.bytes.subarray(this.at, end);
    this.at = end;
    return view;
  }

  /** A number of at most 42 bits, which arithmetic on numbers has exactly; null for a longer one. */
  #shortVarlong(): number | null {
    let zigzag = 0;
    let scale = 1;
    for (let bytes = 0; bytes < 6; bytes++, scale *= 128) {
      const byte = this.byte();
      zigzag += (byte & 0x7f) * scale;
      if (byte < 0x80) return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    }
    return null;
  }

  #varlong(): bigint {
    let zigzag = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift > 63n) throw new ReadingFailure('illegal');
      const byte = this.byte();
      zigzag |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    zigzag = BigInt.asUintN(64, zigzag);
    return (zigzag & 1n) === 0n ? zigzag >> 1n : -(zigzag >> 1n) - 1n;
  }
}
