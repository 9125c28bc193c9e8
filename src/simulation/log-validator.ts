import { COMPRESSIONS } from '../protocol/compression';
import { crc32c } from '../protocol/crc32c';
import type { RecordError } from '../protocol/messages';
import { BATCH_HEADER_SIZE, BatchOffset } from '../protocol/record-batch-format';
import { BatchRefusal, Code, invalidRecord, unforeseen } from './batch-refusal';
import { readRecords } from './record-reader';
import type { ReadRecord } from './record-reader';
import { corrupt, headerOf } from './sent-batch';
import type { BatchHeader } from './sent-batch';
import { storeInPlace, storeRebuilt } from './stored-batch';
import type { StoredBatch } from './stored-batch';
import type { TopicSettings } from './topic-settings';

export interface ValidationContext {
  readonly settings: TopicSettings;
  /** `orders-0`, for the texts of record errors. */
  readonly topicPartition: string;
  readonly nowMs: number;
  /** Of the next record. */
  readonly endOffset: number;
  readonly leaderEpoch: number;
}

const NO_TIMESTAMP = -1;

/**
 * What a leader makes of the bytes of one batch before it looks at the producer: `UnifiedLog.analyzeAndValidateRecords` and
 * `LogValidator`. The bytes are the broker's own from here on; they become what it stores.
 *
 * @throws BatchRefusal with the code, and the errors of single records, that Kafka answers with
 */
export function validateBatch(bytes: Buffer, context: ValidationContext): StoredBatch {
  const { settings, nowMs, endOffset, leaderEpoch } = context;
  checkBytes(bytes, settings.maxMessageBytes);
  const header = headerOf(bytes);
  const source = COMPRESSIONS[header.compressionId];
  if (source === undefined) throw unforeseen(`Unknown compression type id: ${header.compressionId}`);
  checkHeader(header);

  const target = settings.compressionType === 'producer' ? source.type : settings.compressionType;
  const asItIs = target === source.type;
  const records = decode(bytes, header, asItIs);
  const maxTimestamp = checkRecords(records, header, context);
  if (asItIs && source.type !== 'none' && !records.every(({ offsetDelta }, index) => offsetDelta === index)) {
    // Then it wants to write them anew after all, and has read neither keys nor values.
    throw unforeseen('Offsets of compressed records are not consecutive');
  }
  const { timestampType } = settings;
  const stamp = {
    timestampType,
    stampMs: timestampType === 'LogAppendTime' ? nowMs : maxTimestamp,
    endOffset,
    leaderEpoch,
  };
  const stored = asItIs
    ? storeInPlace(bytes, header, records, stamp)
    : storeRebuilt(records, header, target, stamp);
  // Once more, where another codec may have made it larger.
  if (stored.bytes !== bytes) checkSize(stored.bytes, settings.maxMessageBytes);
  if (stored.bytes.length > settings.segmentBytes) {
    throw new BatchRefusal(Code.RECORD_LIST_TOO_LARGE, 'The batch is larger than a log segment');
  }
  return stored;
}

function checkSize(bytes: Buffer, maxMessageBytes: number): void {
  if (bytes.length <= maxMessageBytes) return;
  throw new BatchRefusal(Code.MESSAGE_TOO_LARGE, `The record batch size is ${bytes.length} bytes`);
}

function checkBytes(bytes: Buffer, maxMessageBytes: number): void {
  if (bytes.readBigInt64BE(BatchOffset.baseOffset) !== 0n) throw invalidRecord('The base offset should be 0');
  if (bytes.length < BatchOffset.baseTimestamp)
    throw unforeseen('The batch ends in the middle of its header');
  checkSize(bytes, maxMessageBytes);
  const valid =
    bytes.length >= BATCH_HEADER_SIZE &&
    bytes.readUInt32BE(BatchOffset.crc) === crc32c(bytes.subarray(BatchOffset.attributes));
  if (!valid) throw corrupt('Record is corrupt');
}

function checkHeader({
  lastOffsetDelta,
  recordCount,
  isControl,
  producerId,
  baseSequence,
}: BatchHeader): void {
  if (lastOffsetDelta + 1 <= 0) throw invalidRecord('Batch has an invalid offset range');
  if (recordCount <= 0) throw invalidRecord('Invalid reported count for record batch');
  if (lastOffsetDelta + 1 !== recordCount) throw invalidRecord('Inconsistent batch offset range');
  if (isControl) throw invalidRecord('Clients are not allowed to write control records');
  if (producerId >= 0n && baseSequence < 0) throw invalidRecord(`Invalid sequence number ${baseSequence}`);
}

function decode(bytes: Buffer, header: BatchHeader, asItIs: boolean): ReadRecord[] {
  const { type, decompress } = COMPRESSIONS[header.compressionId]!;
  const sent = bytes.subarray(BATCH_HEADER_SIZE);
  let records = sent;
  if (type !== 'none') {
    try {
      records = decompress(sent);
    } catch {
      throw unforeseen('Failed to decompress record stream');
    }
  }
  return readRecords({
    records,
    recordCount: header.recordCount,
    baseTimestamp: header.baseTimestamp,
    logAppendTime: header.isLogAppendTime ? header.maxTimestamp : null,
    as: type === 'none' ? 'buffer' : asItIs ? 'skipping' : 'stream',
  });
}

/** Keys and timestamps; returns the largest timestamp. All bad records are told, not only the first. */
function checkRecords(
  records: readonly ReadRecord[],
  header: BatchHeader,
  context: ValidationContext,
): number {
  const errors: RecordError[] = [];
  let maxTimestamp = NO_TIMESTAMP;
  let timestampInvalid = false;
  for (const [batchIndex, record] of records.entries()) {
    const keyError = context.settings.compact && !record.hasKey ? keyErrorOf(context) : null;
    const timestampError = keyError === null ? timestampErrorOf(record, header, context) : null;
    const message = keyError ?? timestampError;
    if (message !== null) errors.push({ batchIndex, message });
    if (timestampError !== null) timestampInvalid = true;
    if (record.timestamp > maxTimestamp) maxTimestamp = record.timestamp;
  }
  if (errors.length > 0) throw recordsRefused(errors, timestampInvalid);
  return maxTimestamp;
}

function keyErrorOf({ topicPartition }: ValidationContext): string {
  return `Compacted topic cannot accept message without key in topic partition ${topicPartition}`;
}

function timestampErrorOf(
  { timestamp, offsetDelta }: ReadRecord,
  header: BatchHeader,
  { settings, nowMs }: ValidationContext,
): string | null {
  const { timestampType, timestampBeforeMaxMs: beforeMs, timestampAfterMaxMs: afterMs } = settings;
  if (timestampType === 'CreateTime' && timestamp !== NO_TIMESTAMP) {
    if (nowMs - timestamp <= beforeMs && timestamp - nowMs <= afterMs) return null;
    return (
      `Timestamp ${timestamp} of message with offset ${offsetDelta} is out of range. ` +
      `The timestamp should be within [${nowMs - beforeMs}, ${nowMs + afterMs}]`
    );
  }
  if (!header.isLogAppendTime) return null;
  return 'Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.';
}

function recordsRefused(recordErrors: readonly RecordError[], timestampInvalid: boolean): BatchRefusal {
  const firstThree = recordErrors
    .slice(0, 3)
    .map(({ batchIndex, message }) => `RecordError(batchIndex=${batchIndex}, message='${message}')`);
  const errorMessage = timestampInvalid
    ? 'One or more records have been rejected due to invalid timestamp'
    : `One or more records have been rejected due to ${recordErrors.length} record errors in total, ` +
      `and only showing the first three errors at most: [${firstThree.join(', ')}]`;
  const errorCode = timestampInvalid ? Code.INVALID_TIMESTAMP : Code.INVALID_RECORD;
  return new BatchRefusal(errorCode, errorMessage, { errorMessage, recordErrors });
}
