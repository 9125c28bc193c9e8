import type { FutureRecordMetadata } from './future-record-metadata';
import type { PendingRecord, ProducerBatch } from './producer-batch';
import { WaitingLine } from './waiting-line';
import { compareSequences } from '../../protocol/sequence-numbers';

/** A record that waits for a place in a batch of its partition. */
export interface AppendWaiter {
  readonly record: PendingRecord;
  /** The built-in partitioner chose the partition. */
  readonly isSticky: boolean;
  /** By the clock: when max.block.ms is over. */
  readonly deadlineMs: number;
  /** The pool was asked for memory for it. */
  isAtPool: boolean;
  /** It was appended, or failed. */
  hasLeft: boolean;
  readonly succeed: (future: FutureRecordMetadata) => void;
  readonly fail: (error: unknown) => void;
}

/** The batches of one partition, oldest first. */
export class PartitionQueue {
  readonly batches: ProducerBatch[] = [];
  /** A batch is under way and the order must not be risked: nothing is taken. */
  muted = false;
  /** Records that wait for memory, in the order of send(). While there is one, a later record of this partition waits behind it. */
  readonly waiters = new WaitingLine<AppendWaiter>();

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  get length(): number {
    return this.batches.length;
  }

  get first(): ProducerBatch | undefined {
    return this.batches[0];
  }

  get last(): ProducerBatch | undefined {
    return this.batches[this.batches.length - 1];
  }

  addLast(batch: ProducerBatch): void {
    this.batches.push(batch);
  }

  addFirst(batch: ProducerBatch): void {
    this.batches.unshift(batch);
  }

  takeFirst(): ProducerBatch | undefined {
    return this.batches.shift();
  }

  remove(batch: ProducerBatch): void {
    const at = this.batches.indexOf(batch);
    if (at !== -1) this.batches.splice(at, 1);
  }

  /** Takes out all batches that have expired. */
  takeExpired(isExpired: (batch: ProducerBatch) => boolean): ProducerBatch[] {
    const expired: ProducerBatch[] = [];
    let at = 0;
    for (let batch = this.batches[at]; batch !== undefined; batch = this.batches[at]) {
      if (isExpired(batch)) expired.push(...this.batches.splice(at, 1));
      else if (cameBack(batch)) at++;
      else break;
    }
    return expired;
  }

  /** When the oldest batch was opened; null if there is none. */
  get oldestCreatedMs(): number | null {
    let oldestMs: number | null = null;
    for (const batch of this.batches) {
      if (oldestMs === null || batch.createdMs < oldestMs) oldestMs = batch.createdMs;
      if (!cameBack(batch)) break;
    }
    return oldestMs;
  }

  /**
   * Batches with a sequence are retries. They stand before those without, in the order of their sequences, however their
   * responses came in (I-06): the broker takes them in no other order.
   */
  insertInSequenceOrder(batch: ProducerBatch): void {
    let at = 0;
    for (const other of this.batches) {
      if (!other.hasSequence || compareSequences(other.baseSequence, batch.baseSequence) > 0) break;
      at++;
    }
    this.batches.splice(at, 0, batch);
  }
}

/**
 * Batches to be retried, and pieces of a split batch. They stand at the front of the queue. Without sequences they are not sorted by
 * age, because each goes to the very front. All batches behind them are sorted. Java's `expiredBatches()` checks the first batch only,
 * so an older one behind it expires late.
 */
function cameBack(batch: ProducerBatch): boolean {
  return batch.attempts > 0 || batch.isSplitPiece;
}
