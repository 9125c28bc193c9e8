import { NO_HEADERS } from './header';
import type { Header } from './header';
import { sizeOfVarint, sizeOfVarlong } from './varint';

/** Where the fields of a record batch (magic 2) are: `org.apache.kafka.common.record.DefaultRecordBatch`. Bytes from the start. */
export const BatchOffset = {
  baseOffset: 0,
  length: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

/** Bytes before the first record. */
export const BATCH_HEADER_SIZE = 61;
/** Base offset and length: what the length field does not count. */
export const LOG_OVERHEAD = 12;
export const MAGIC_V2 = 2;

export const COMPRESSION_MASK = 0x07;
export const LOG_APPEND_TIME_FLAG = 0x08;
export const TRANSACTIONAL_FLAG = 0x10;
export const CONTROL_FLAG = 0x20;

/** What a batch that is not idempotent carries in place of a producer id, epoch and sequence. */
export const NO_PRODUCER_ID = -1n;
export const NO_PRODUCER_EPOCH = -1;
export const NO_SEQUENCE = -1;

/** Length (5), timestamp delta (10), offset delta (5) and attributes (1) of a record, each at its longest. */
const MAX_RECORD_OVERHEAD = 21;

/** What key, value and headers take, their lengths included. */
function contentSize(key: Uint8Array | null, value: Uint8Array | null, headers: readonly Header[]): number {
  const keySize = key === null ? 1 : sizeOfVarint(key.length) + key.length;
  const valueSize = value === null ? 1 : sizeOfVarint(value.length) + value.length;
  return keySize + valueSize + (headers.length === 0 ? 1 : headersSize(headers));
}

function headersSize(headers: readonly Header[]): number {
  let size = sizeOfVarint(headers.length);
  for (const { key, value } of headers) {
    const keyLength = Buffer.byteLength(key, 'utf8');
    size += sizeOfVarint(keyLength) + keyLength;
    size += value === null ? 1 : sizeOfVarint(value.length) + value.length;
  }
  return size;
}

/** Bytes of a record without its own length field: what that field says. */
export function recordBodySize(
  offsetDelta: number,
  timestampDeltaMs: number,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly Header[] = NO_HEADERS,
): number {
  return 1 + sizeOfVarlong(timestampDeltaMs) + sizeOfVarint(offsetDelta) + contentSize(key, value, headers);
}

/** Bytes that a record takes in its batch, exactly. */
export function recordSize(
  offsetDelta: number,
  timestampDeltaMs: number,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly Header[] = NO_HEADERS,
): number {
  const body = recordBodySize(offsetDelta, timestampDeltaMs, key, value, headers);
  return sizeOfVarint(body) + body;
}

/**
 * Bytes that a batch with only this record takes at most, whatever its deltas turn out to be. It is this figure, not the
 * real size, that Java holds against `max.request.size` and `buffer.memory` (G-08), and asks the buffer pool for (D-15).
 */
export function estimateUpperBound(
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly Header[] = NO_HEADERS,
): number {
  return BATCH_HEADER_SIZE + MAX_RECORD_OVERHEAD + contentSize(key, value, headers);
}
