import type { Header } from '../protocol/header';
import { incrementSequence } from '../protocol/sequence-numbers';
import type { LossReason } from './simulated-partition';
import type { SimulatedPartitionLog } from './simulated-partition-log';
import type { StoredBatch } from './stored-batch';

/** A record as it is read back from a log. */
export interface LoggedRecord {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  /** Milliseconds. */
  readonly timestamp: number;
  /** -1n, with epoch and sequence -1, for a record that is not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly sequence: number;
}

/** A batch as it is read back from a log. */
export interface LoggedBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly recordCount: number;
  readonly leaderEpoch: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** Exactly what a broker would have on its disk. */
  readonly bytes: Buffer;
  readonly sizeInBytes: number;
  readonly records: readonly LoggedRecord[];
}

export interface ReadableLog {
  readonly batches: readonly LoggedBatch[];
  readonly records: readonly LoggedRecord[];
  /** Offset of the next record. */
  readonly endOffset: bigint;
}

/** A batch that was in a leader's log and that no leader has any more. */
export interface LostBatch {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** Which broker had it. */
  readonly node: number;
  readonly batch: LoggedBatch;
  readonly reason: LossReason;
}

export function readableLog(log: SimulatedPartitionLog): ReadableLog {
  const batches = log.batches.map(loggedBatch);
  const records = batches.flatMap((batch) => batch.records);
  return { batches, records, endOffset: BigInt(log.endOffset) };
}

export function loggedBatch(batch: StoredBatch): LoggedBatch {
  const { baseOffset, lastOffset, recordCount, leaderEpoch, bytes } = batch;
  const { producerId, producerEpoch, baseSequence } = batch;
  return {
    baseOffset: BigInt(baseOffset),
    lastOffset: BigInt(lastOffset),
    recordCount,
    leaderEpoch,
    producerId,
    producerEpoch,
    baseSequence,
    bytes,
    sizeInBytes: bytes.length,
    records: batch.records.map(({ offsetDelta, key, value, headers, timestamp }) => ({
      offset: BigInt(baseOffset + offsetDelta),
      key,
      value,
      headers,
      timestamp,
      producerId,
      producerEpoch,
      sequence: baseSequence < 0 ? -1 : incrementSequence(baseSequence, offsetDelta),
    })),
  };
}
