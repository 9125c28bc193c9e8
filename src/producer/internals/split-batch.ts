import { IllegalStateError } from '../../protocol/errors';
import type { ProducerBatch } from './producer-batch';
import { decodeRecordBatches } from '../../protocol/record-batch-decoder';
import { estimateUpperBound } from '../../protocol/record-batch-format';
import { incrementSequence } from '../../protocol/sequence-numbers';

/**
 * The records of a batch in as few new batches of `pieceSize` bytes as take them, in order, sequences included. A piece that is
 * split again is divided in any case: an upper bound of a record's size can be larger than the whole batch. Compressed records
 * are unpacked for it. Callbacks and futures are handed over by the caller.
 */
export function splitBatch(
  batch: ProducerBatch,
  pieceSize: number,
  newBatch: (writeLimit: number) => ProducerBatch,
): ProducerBatch[] {
  const mostRecords = batch.isSplitPiece ? Math.ceil(batch.recordCount / 2) : batch.recordCount;
  const pieces: ProducerBatch[] = [];
  const [decoded] = decodeRecordBatches(batch.close());
  if (decoded === undefined) throw new IllegalStateError('A batch that was sent has no records.');
  for (const { timestamp, key, value, headers } of decoded.records()) {
    const sizeUpperBound = estimateUpperBound(key, value, headers);
    const record = {
      topic: batch.topic,
      partition: batch.partition,
      timestamp,
      key,
      value,
      headers,
      sizeUpperBound,
      callback: null,
      number: 0,
    };
    const last = pieces[pieces.length - 1];
    if (last !== undefined && last.recordCount < mostRecords && last.tryAppend(record) !== null) continue;
    last?.closeForAppends();
    const piece = newBatch(Math.max(pieceSize, sizeUpperBound));
    piece.tryAppend(record);
    pieces.push(piece);
  }
  let sequence = batch.baseSequence;
  for (const piece of pieces) {
    piece.closeForAppends();
    inherit(piece, batch, sequence);
    if (batch.hasSequence) sequence = incrementSequence(sequence, piece.recordCount);
  }
  return pieces;
}

/** A piece is as old as its batch, so that splitting wins no time; its attempts begin anew, since splitting is no failure. */
function inherit(piece: ProducerBatch, batch: ProducerBatch, sequence: number): void {
  piece.isSplitPiece = true;
  piece.lastResponse = batch.lastResponse;
  // True only without sequences: with them, a batch that an earlier attempt may have written is not split.
  piece.mayBeWritten = batch.mayBeWritten;
  piece.createdMs = batch.createdMs;
  piece.lastAttemptMs = batch.createdMs;
  if (batch.hasSequence) piece.setProducerState(batch.producerId, batch.producerEpoch, sequence);
}
