import {
  BatchOffset,
  COMPRESSION_MASK,
  CONTROL_FLAG,
  LOG_APPEND_TIME_FLAG,
  LOG_OVERHEAD,
  MAGIC_V2,
  TRANSACTIONAL_FLAG,
} from '../protocol/record-batch-format';
import { BatchRefusal, Code, invalidRecord, unforeseen } from './batch-refusal';

/** The smallest thing that Kafka still takes for a batch: a message of format 0. */
const SMALLEST_RECORD = 14;
const HEADER_UP_TO_MAGIC = 17;
const MAX_INT = 2_147_483_647;

/**
 * The first batch of a partition's bytes, as `ByteBufferLogInputStream.nextBatch` cuts it out; null when they end before it
 * does. Refuses what Kafka's parser refuses, before anything else is looked at.
 */
export function nextBatch(bytes: Buffer, at: number): Buffer | null {
  const left = bytes.length - at;
  if (left < LOG_OVERHEAD) return null;
  const size = bytes.readInt32BE(at + BatchOffset.length);
  if (size < SMALLEST_RECORD)
    throw corrupt(`Record size ${size} is less than the minimum record overhead (${SMALLEST_RECORD})`);
  if (left < HEADER_UP_TO_MAGIC) return null;
  const magic = bytes.readInt8(at + BatchOffset.magic);
  if (magic < 0 || magic > MAGIC_V2) throw corrupt(`Invalid magic found in record: ${magic}`);
  // Java's int overflows here, and the slice then cannot be made.
  if (size > MAX_INT - LOG_OVERHEAD) throw unforeseen(`A batch of ${size} bytes cannot be cut out`);
  return left < size + LOG_OVERHEAD ? null : bytes.subarray(at, at + size + LOG_OVERHEAD);
}

/**
 * `ProduceRequest.validateRecords`, version 3 and later: exactly one batch, in format 2. Bytes behind it that are too short
 * for another batch are ignored, as the broker ignores them.
 */
export function onlyBatch(bytes: Buffer): Buffer {
  const batch = nextBatch(bytes, 0);
  if (batch === null)
    throw invalidRecord('Produce requests must have at least one record batch per partition');
  if (batch.readInt8(BatchOffset.magic) !== MAGIC_V2) {
    throw invalidRecord('Produce requests are only allowed to contain record batches with magic version 2');
  }
  if (nextBatch(bytes, batch.length) !== null) {
    throw invalidRecord(
      'Produce requests are only allowed to contain exactly one record batch per partition',
    );
  }
  return batch;
}

/** Looked at in each partition of a request, before all else: one such batch decides about the whole request. */
export function isTransactional(bytes: Buffer): boolean {
  const batch = nextBatch(bytes, 0);
  if (batch === null || batch.readInt8(BatchOffset.magic) !== MAGIC_V2) return false;
  if (batch.length < BatchOffset.attributes + 2) throw unforeseen('The batch ends before its attributes');
  return (attributesOf(batch) & TRANSACTIONAL_FLAG) !== 0;
}

/** Fields of a batch that has its whole header. */
export interface BatchHeader {
  readonly compressionId: number;
  readonly isLogAppendTime: boolean;
  readonly isControl: boolean;
  readonly lastOffsetDelta: number;
  readonly baseTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

export function headerOf(batch: Buffer): BatchHeader {
  const attributes = attributesOf(batch);
  return {
    compressionId: attributes & COMPRESSION_MASK,
    isLogAppendTime: (attributes & LOG_APPEND_TIME_FLAG) !== 0,
    isControl: (attributes & CONTROL_FLAG) !== 0,
    lastOffsetDelta: batch.readInt32BE(BatchOffset.lastOffsetDelta),
    baseTimestamp: batch.readBigInt64BE(BatchOffset.baseTimestamp),
    maxTimestamp: batch.readBigInt64BE(BatchOffset.maxTimestamp),
    producerId: batch.readBigInt64BE(BatchOffset.producerId),
    producerEpoch: batch.readInt16BE(BatchOffset.producerEpoch),
    baseSequence: batch.readInt32BE(BatchOffset.baseSequence),
    recordCount: batch.readInt32BE(BatchOffset.recordCount),
  };
}

/** The lower byte: Kafka uses no other. */
export function attributesOf(batch: Buffer): number {
  return batch.readInt16BE(BatchOffset.attributes) & 0xff;
}

export function corrupt(why: string): BatchRefusal {
  return new BatchRefusal(Code.CORRUPT_MESSAGE, why);
}
