import type { ProducerBatch } from './producer-batch';
import { compareSequences } from '../../protocol/sequence-numbers';

/** The batches of one partition, oldest first. */
export class PartitionQueue {
  readonly batches: ProducerBatch[] = [];
  /** A batch is under way and the order must not be risked: nothing is taken. */
  muted = false;
  /** Records that have been promised a place here as soon as there is memory. */
  waitingForMemory = 0;

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

  /**
   * Batches with a sequence are retries. They stand before those without, in the order of their sequences, however their
   * answers came in (I-06): the broker takes them in no other order.
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
