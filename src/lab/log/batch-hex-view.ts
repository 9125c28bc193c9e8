import { COMPRESSIONS } from '../../protocol/compression';
import { BATCH_HEADER_SIZE, BatchOffset, COMPRESSION_MASK } from '../../protocol/record-batch-format';

/** A field of a record batch's header, in the order of the bytes. */
export interface BatchField {
  readonly name: keyof typeof BatchOffset;
  readonly offset: number;
  readonly length: number;
  readonly hex: string;
  readonly value: string;
  readonly meaning: string;
}

type Read = (bytes: Buffer, at: number) => string;

const int8: Read = (bytes, at) => String(bytes.readInt8(at));
const int16: Read = (bytes, at) => String(bytes.readInt16BE(at));
const int32: Read = (bytes, at) => String(bytes.readInt32BE(at));
const int64: Read = (bytes, at) => String(bytes.readBigInt64BE(at));
const timestamp: Read = (bytes, at) => new Date(Number(bytes.readBigInt64BE(at))).toISOString();
const attributes: Read = (bytes, at) => {
  const bits = bytes.readInt16BE(at);
  const codec = COMPRESSIONS[bits & COMPRESSION_MASK]?.type ?? `unknown codec ${bits & COMPRESSION_MASK}`;
  const flags = [
    codec,
    (bits & 0x08) === 0 ? 'CreateTime' : 'LogAppendTime',
    ...((bits & 0x10) === 0 ? [] : ['transactional']),
    ...((bits & 0x20) === 0 ? [] : ['control']),
  ];
  return flags.join(', ');
};

const FIELDS: readonly (readonly [name: BatchField['name'], read: Read, meaning: string])[] = [
  ['baseOffset', int64, 'offset of the first record; the broker fills it in'],
  ['length', int32, 'bytes of the batch from here on'],
  ['partitionLeaderEpoch', int32, 'which leadership wrote it; the broker fills it in'],
  ['magic', int8, 'version of this format'],
  ['crc', (bytes, at) => String(bytes.readUInt32BE(at)), 'CRC-32C of everything behind it'],
  ['attributes', attributes, 'codec in the lowest three bits, then flags'],
  ['lastOffsetDelta', int32, 'last offset minus base offset'],
  ['baseTimestamp', timestamp, 'of the first record'],
  ['maxTimestamp', timestamp, 'the latest in the batch'],
  ['producerId', int64, 'whom the sequences belong to; -1: not idempotent'],
  ['producerEpoch', int16, 'which life of that producer'],
  ['baseSequence', int32, 'number of the first record in its partition, from 0'],
  ['recordCount', int32, 'records that follow'],
];

/** The header of a record batch, field by field. `bytes` is one whole batch. */
export function batchFields(bytes: Buffer): BatchField[] {
  if (bytes.length < BATCH_HEADER_SIZE) {
    throw new RangeError(
      `A record batch has a header of ${BATCH_HEADER_SIZE} bytes; these are ${bytes.length} bytes.`,
    );
  }
  return FIELDS.map(([name, read, meaning], index) => {
    const offset = BatchOffset[name];
    const following = FIELDS[index + 1];
    const end = following === undefined ? BATCH_HEADER_SIZE : BatchOffset[following[0]];
    const hex = hexOf(bytes.subarray(offset, end));
    return { name, offset, length: end - offset, hex, value: read(bytes, offset), meaning };
  });
}

export interface HexViewOptions {
  /** How many bytes behind the header are shown. */
  readonly maxRecordBytes?: number;
}

const BYTES_PER_ROW = 16;

/** One batch as text: each header field with its bytes, name and value, then the records as a hex dump. */
export function hexView(bytes: Buffer, { maxRecordBytes = 128 }: HexViewOptions = {}): string {
  const lines = batchFields(bytes).map(
    ({ offset, hex, name, value, meaning }) =>
      `${position(offset)}  ${hex.padEnd(23)}  ${name.padEnd(20)}  ${value.padEnd(24)}  ${meaning}`,
  );
  const codec = COMPRESSIONS[bytes.readInt16BE(BatchOffset.attributes) & COMPRESSION_MASK]?.type;
  const recordBytes = bytes.length - BATCH_HEADER_SIZE;
  lines.push(
    '',
    `records, ${codec === 'none' ? 'as they are' : `compressed with ${codec}`}: ${recordBytes} bytes`,
  );
  const end = Math.min(bytes.length, BATCH_HEADER_SIZE + maxRecordBytes);
  for (let at = BATCH_HEADER_SIZE; at < end; at += BYTES_PER_ROW) {
    const row = bytes.subarray(at, Math.min(at + BYTES_PER_ROW, end));
    lines.push(`${position(at)}  ${hexOf(row).padEnd(BYTES_PER_ROW * 3 - 1)}  ${printable(row)}`);
  }
  if (end < bytes.length) lines.push(`    …  ${bytes.length - end} more bytes`);
  return lines.join('\n');
}

function position(offset: number): string {
  return String(offset).padStart(5);
}

function hexOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/(..)(?=.)/g, '$1 ');
}

function printable(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^\x20-\x7e]/g, '·');
}
