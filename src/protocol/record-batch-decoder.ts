import { CorruptRecordError } from './errors';
import type { Header } from './header';
import { COMPRESSIONS } from './compression';
import type { CompressionType } from './compression';
import { crc32c } from './crc32c';
import {
  BATCH_HEADER_SIZE,
  BatchOffset,
  COMPRESSION_MASK,
  CONTROL_FLAG,
  LOG_APPEND_TIME_FLAG,
  LOG_OVERHEAD,
  MAGIC_V2,
  TRANSACTIONAL_FLAG,
} from './record-batch-format';
import { VarintReader } from './varint';

export interface DecodedRecord {
  readonly offset: bigint;
  /** Milliseconds since 1970; the broker's where the topic has LogAppendTime. */
  readonly timestamp: number;
  /** Views of the batch's bytes, not copies. */
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
}

/** The header of a stored or sent batch, and its records on demand. */
export interface DecodedRecordBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** Of the whole batch, header included, as it is on the wire and on disk. */
  readonly sizeInBytes: number;
  readonly partitionLeaderEpoch: number;
  readonly crc: number;
  readonly compressionType: CompressionType;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly isTransactional: boolean;
  /** Written by the broker to mark the end of a transaction: not a learner's record. */
  readonly isControl: boolean;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
  /** Exactly these bytes. */
  readonly bytes: Buffer;
  /** Decompresses and decodes; throws CorruptRecordError when the records are not what the header says. */
  records(): DecodedRecord[];
}

export interface DecodeOptions {
  /** A broker cuts the last batch of a Fetch answer off where the size limit falls: 'ignore' leaves it out. */
  readonly partialTail?: 'error' | 'ignore';
}

/**
 * Every record batch in these bytes. Strict: another magic, a wrong checksum or length, or bytes left over are a
 * CorruptRecordError that says where.
 */
export function decodeRecordBatches(
  bytes: Buffer,
  { partialTail = 'error' }: DecodeOptions = {},
): DecodedRecordBatch[] {
  const batches: DecodedRecordBatch[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = sizeOfBatchAt(bytes, at);
    if (size === null) {
      if (partialTail === 'ignore') break;
      throw new CorruptRecordError(
        `The record batch at byte ${at} is cut off: the data end at byte ${bytes.length}.`,
      );
    }
    batches.push(decodeBatch(bytes.subarray(at, at + size), at));
    at += size;
  }
  return batches;
}

function sizeOfBatchAt(bytes: Buffer, at: number): number | null {
  if (at + LOG_OVERHEAD > bytes.length) return null;
  const size = LOG_OVERHEAD + bytes.readInt32BE(at + BatchOffset.length);
  if (size < BATCH_HEADER_SIZE) {
    throw new CorruptRecordError(
      `The record batch at byte ${at} claims to be ${size} bytes long; its header takes 61.`,
    );
  }
  return at + size > bytes.length ? null : size;
}

function decodeBatch(bytes: Buffer, at: number): DecodedRecordBatch {
  const magic = bytes.readInt8(BatchOffset.magic);
  if (magic !== MAGIC_V2) {
    throw new CorruptRecordError(
      `The record batch at byte ${at} has format ${magic}; only format 2 is read here.`,
    );
  }
  const crc = bytes.readUInt32BE(BatchOffset.crc);
  const actualCrc = crc32c(bytes.subarray(BatchOffset.attributes));
  if (crc !== actualCrc) {
    throw new CorruptRecordError(
      `The record batch at byte ${at} has checksum ${crc}, but its bytes have ${actualCrc}.`,
    );
  }
  const attributes = bytes.readInt16BE(BatchOffset.attributes);
  const compression = COMPRESSIONS[attributes & COMPRESSION_MASK];
  if (compression === undefined) {
    throw new CorruptRecordError(
      `The record batch at byte ${at} has an unknown codec: ${attributes & COMPRESSION_MASK}.`,
    );
  }
  const baseOffset = bytes.readBigInt64BE(BatchOffset.baseOffset);
  const batch: DecodedRecordBatch = {
    baseOffset,
    lastOffset: baseOffset + BigInt(bytes.readInt32BE(BatchOffset.lastOffsetDelta)),
    sizeInBytes: bytes.length,
    partitionLeaderEpoch: bytes.readInt32BE(BatchOffset.partitionLeaderEpoch),
    crc,
    compressionType: compression.type,
    timestampType: (attributes & LOG_APPEND_TIME_FLAG) === 0 ? 'CreateTime' : 'LogAppendTime',
    isTransactional: (attributes & TRANSACTIONAL_FLAG) !== 0,
    isControl: (attributes & CONTROL_FLAG) !== 0,
    baseTimestamp: Number(bytes.readBigInt64BE(BatchOffset.baseTimestamp)),
    maxTimestamp: Number(bytes.readBigInt64BE(BatchOffset.maxTimestamp)),
    producerId: bytes.readBigInt64BE(BatchOffset.producerId),
    producerEpoch: bytes.readInt16BE(BatchOffset.producerEpoch),
    baseSequence: bytes.readInt32BE(BatchOffset.baseSequence),
    recordCount: bytes.readInt32BE(BatchOffset.recordCount),
    bytes,
    records: () => decodeRecords(batch),
  };
  return batch;
}

function decodeRecords(batch: DecodedRecordBatch): DecodedRecord[] {
  const what = `The record batch at offset ${batch.baseOffset}`;
  try {
    const compression = COMPRESSIONS.find(({ type }) => type === batch.compressionType)!;
    const reader = new VarintReader(compression.decompress(batch.bytes.subarray(BATCH_HEADER_SIZE)));
    const records: DecodedRecord[] = [];
    for (let index = 0; index < batch.recordCount; index++) records.push(decodeRecord(reader, batch));
    if (reader.offset !== reader.bytes.length) {
      throw new RangeError(
        `${reader.bytes.length - reader.offset} bytes are left after ${batch.recordCount} records.`,
      );
    }
    return records;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptRecordError(`${what} cannot be decoded: ${reason}`, { cause });
  }
}

function decodeRecord(reader: VarintReader, batch: DecodedRecordBatch): DecodedRecord {
  const size = reader.readVarint();
  const end = reader.offset + size;
  reader.readByte(); // attributes
  const timestampDeltaMs = reader.readVarlong();
  const offsetDelta = reader.readVarint();
  const record: DecodedRecord = {
    offset: batch.baseOffset + BigInt(offsetDelta),
    timestamp:
      batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : batch.baseTimestamp + timestampDeltaMs,
    key: readNullableBytes(reader),
    value: readNullableBytes(reader),
    headers: readHeaders(reader),
  };
  if (reader.offset !== end) {
    throw new RangeError(`The record at offset ${record.offset} is not ${size} bytes long, as it says.`);
  }
  return record;
}

function readNullableBytes(reader: VarintReader): Buffer | null {
  const length = reader.readVarint();
  return length === -1 ? null : reader.readBytes(length);
}

function readHeaders(reader: VarintReader): Header[] {
  const count = reader.readVarint();
  if (count < 0) throw new RangeError(`A record cannot have ${count} headers.`);
  const headers: Header[] = [];
  for (let index = 0; index < count; index++) {
    const key = reader.readBytes(reader.readVarint()).toString('utf8');
    headers.push({ key, value: readNullableBytes(reader) });
  }
  return headers;
}
