import type { KafkaAddress } from '../../network/connection-options';
import { readPartition } from '../../network/log-reader';
import { compressionOf } from '../../protocol/compression';
import { decodeRecordBatches } from '../../protocol/record-batch-decoder';
import type { DecodedRecordBatch } from '../../protocol/record-batch-decoder';
import { BATCH_HEADER_SIZE } from '../../protocol/record-batch-format';
import { incrementSequence } from '../../protocol/sequence-numbers';
import { textTable } from '../../support/text-table';

/** A record batch of a partition's log: its header, and what follows from it. Sizes in bytes, times in ms since 1970. */
export interface BatchXray {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly records: number;
  readonly codec: string;
  /** As it is on disk, header included. */
  readonly sizeInBytes: number;
  /** As it would be without compression, header included. */
  readonly uncompressedSizeInBytes: number;
  /** `sizeInBytes` over `uncompressedSizeInBytes`: 1 without compression. */
  readonly compressionRatio: number;
  /** -1n, and -1 for the next three, when the producer was not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  /** CRC-32C as eight hexadecimal digits. */
  readonly crc: string;
  readonly partitionLeaderEpoch: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  /** The batch itself, for `hexView`. */
  readonly bytes: Buffer;
}

/** Every record batch that a partition's log holds now, with the header fields that consumers keep to themselves. */
export async function xrayPartition(
  kafka: KafkaAddress,
  where: { readonly topic: string; readonly partition: number },
): Promise<BatchXray[]> {
  return (await readPartition(kafka, where)).map(xrayBatch);
}

/** The same of bytes in hand, for example what a producer is about to send. */
export function xrayBytes(bytes: Buffer): BatchXray[] {
  return decodeRecordBatches(bytes).map(xrayBatch);
}

function xrayBatch(batch: DecodedRecordBatch): BatchXray {
  const { decompress } = compressionOf(batch.compressionType);
  const uncompressedSizeInBytes =
    BATCH_HEADER_SIZE + decompress(batch.bytes.subarray(BATCH_HEADER_SIZE)).length;
  const { baseSequence, recordCount } = batch;
  return {
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    records: recordCount,
    codec: batch.compressionType,
    sizeInBytes: batch.sizeInBytes,
    uncompressedSizeInBytes,
    compressionRatio: batch.sizeInBytes / uncompressedSizeInBytes,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence,
    lastSequence: baseSequence < 0 ? -1 : incrementSequence(baseSequence, recordCount - 1),
    crc: batch.crc.toString(16).padStart(8, '0'),
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    timestampType: batch.timestampType,
    baseTimestamp: batch.baseTimestamp,
    maxTimestamp: batch.maxTimestamp,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    bytes: batch.bytes,
  };
}

/** A table for a terminal or a notebook cell: a row per batch. */
export function xrayTable(batches: readonly BatchXray[]): string {
  return textTable(
    ['offsets', 'records', 'producer id', 'epoch', 'sequences', 'codec', 'bytes', 'of raw', 'CRC'],
    batches.map((batch) => [
      range(batch.baseOffset, batch.lastOffset),
      batch.records,
      batch.producerId < 0n ? 'none' : batch.producerId,
      batch.producerEpoch < 0 ? 'none' : batch.producerEpoch,
      batch.baseSequence < 0 ? 'none' : range(batch.baseSequence, batch.lastSequence),
      batch.isControl ? 'control' : batch.codec,
      batch.sizeInBytes,
      `${Math.round(batch.compressionRatio * 100)} %`,
      batch.crc,
    ]),
  );
}

function range(first: bigint | number, last: bigint | number): string {
  return first === last ? String(first) : `${first}–${last}`;
}
