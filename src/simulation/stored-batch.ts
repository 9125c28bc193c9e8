import { codecFor } from '../protocol/compression';
import type { CompressionType } from '../protocol/compression';
import { crc32c } from '../protocol/crc32c';
import { RecordBatchBuilder } from '../protocol/record-batch-builder';
import {
  BatchOffset,
  LOG_APPEND_TIME_FLAG,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
} from '../protocol/record-batch-format';
import { incrementSequence } from '../protocol/sequence-numbers';
import { unforeseen } from './batch-refusal';
import type { ReadRecord } from './record-reader';
import { attributesOf } from './sent-batch';
import type { BatchHeader } from './sent-batch';

/** A batch in a simulated log. Nobody changes it any more, so that replicas share it. */
export interface StoredBatch {
  /** Exactly what a broker would have on its disk, where it stores batches as they came. */
  readonly bytes: Buffer;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly recordCount: number;
  readonly compressionId: number;
  readonly maxTimestamp: number;
  /** Their offsets follow `baseOffset`. */
  readonly records: readonly ReadRecord[];
}

/** What the leader adds to a batch. */
export interface LeaderStamp {
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** The broker's time with LogAppendTime, else the largest timestamp of a record. */
  readonly stampMs: number;
  readonly endOffset: number;
  readonly leaderEpoch: number;
}

/** Compression, transactional, control and delete horizon: what `DefaultRecordBatch.computeAttributes` carries over. */
const KEPT_ATTRIBUTES = 0x77;

/** Offset, leader epoch and largest timestamp become the leader's; all else stays as it was sent. Changes `bytes`. */
export function storeInPlace(
  bytes: Buffer,
  header: BatchHeader,
  records: readonly ReadRecord[],
  stamp: LeaderStamp,
): StoredBatch {
  const isLogAppendTime = stamp.timestampType === 'LogAppendTime';
  const maxTimestamp = BigInt(stamp.stampMs);
  // As in Kafka, where nothing of it differs, not even attributes that mean nothing are touched.
  if (header.isLogAppendTime !== isLogAppendTime || header.maxTimestamp !== maxTimestamp) {
    const kept = attributesOf(bytes) & KEPT_ATTRIBUTES;
    bytes.writeInt16BE(kept | (isLogAppendTime ? LOG_APPEND_TIME_FLAG : 0), BatchOffset.attributes);
    bytes.writeBigInt64BE(maxTimestamp, BatchOffset.maxTimestamp);
    bytes.writeUInt32BE(crc32c(bytes.subarray(BatchOffset.attributes)), BatchOffset.crc);
  }
  return stored(bytes, header, header.compressionId, records, stamp);
}

/** With the topic's own codec, record by record: `LogValidator.buildRecordsAndAssignOffsets`. */
export function storeRebuilt(
  records: readonly ReadRecord[],
  header: BatchHeader,
  target: CompressionType,
  stamp: LeaderStamp,
): StoredBatch {
  // `MemoryRecordsBuilder` checks what the broker does not check otherwise.
  const { producerId, producerEpoch, baseSequence } = header;
  if (producerId !== NO_PRODUCER_ID && (producerEpoch === NO_PRODUCER_EPOCH || baseSequence < 0)) {
    throw unforeseen('Invalid negative producer epoch, or sequence');
  }
  const codec = codecFor(target);
  const builder = new RecordBatchBuilder({ writeLimit: 1024, codec });
  for (const { timestamp, key, value, headers } of records) {
    if (timestamp < -1) throw unforeseen(`Invalid negative timestamp ${timestamp}`);
    builder.append(timestamp, key, value, headers);
  }
  const bytes = Buffer.from(builder.close({ producerId, producerEpoch, baseSequence }));
  const asBuilt = {
    ...header,
    isLogAppendTime: false,
    maxTimestamp: bytes.readBigInt64BE(BatchOffset.maxTimestamp),
  };
  const renumbered = records.map((record, offsetDelta) => ({ ...record, offsetDelta }));
  return { ...storeInPlace(bytes, asBuilt, renumbered, stamp), compressionId: codec.id };
}

function stored(
  bytes: Buffer,
  { producerId, producerEpoch, baseSequence, recordCount }: BatchHeader,
  compressionId: number,
  records: readonly ReadRecord[],
  { timestampType, stampMs, endOffset, leaderEpoch }: LeaderStamp,
): StoredBatch {
  bytes.writeBigInt64BE(BigInt(endOffset), BatchOffset.baseOffset);
  bytes.writeInt32BE(leaderEpoch, BatchOffset.partitionLeaderEpoch);
  const stamped =
    timestampType === 'CreateTime' ? records : records.map((record) => ({ ...record, timestamp: stampMs }));
  return {
    bytes,
    baseOffset: endOffset,
    lastOffset: endOffset + recordCount - 1,
    leaderEpoch,
    producerId,
    producerEpoch,
    baseSequence,
    lastSequence: baseSequence < 0 ? -1 : incrementSequence(baseSequence, recordCount - 1),
    recordCount,
    compressionId,
    maxTimestamp: stampMs,
    records: stamped,
  };
}
