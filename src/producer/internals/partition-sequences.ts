import type { ProducerStamp, SequenceStamper } from '../producer-parts';
import type { ProducerBatch } from './producer-batch';
import { compareSequences, decrementSequence, incrementSequence } from '../../protocol/sequence-numbers';

const NO_ACKED_SEQUENCE = -1;

/** What the producer knows of one partition's sequence numbers: Java's TxnPartitionEntry. */
export class PartitionSequences {
  /** Of the next batch. */
  nextSequence = 0;
  lastAckedSequence = NO_ACKED_SEQUENCE;
  lastAckedOffset = -1n;
  /** In order of their sequence numbers: sent, or waiting to be sent again. */
  readonly inFlight: ProducerBatch[] = [];
  /** Behind the last sequence whose fate is not known, or -1. While there is one, nothing new may be sent. */
  unresolvedSequence = -1;
  producerId = -1n;
  producerEpoch = -1;

  constructor(
    readonly topic: string,
    readonly partition: number,
    /** A tracker from outside, which then counts in our place. */
    public tracker: SequenceStamper | null = null,
  ) {}

  addInFlight(batch: ProducerBatch): void {
    let at = this.inFlight.length;
    while (at > 0 && compareSequences(this.inFlight[at - 1]!.baseSequence, batch.baseSequence) > 0) at--;
    this.inFlight.splice(at, 0, batch);
  }

  removeInFlight(batch: ProducerBatch): void {
    const at = this.inFlight.indexOf(batch);
    if (at !== -1) this.inFlight.splice(at, 1);
  }

  isNext(sequence: number): boolean {
    const expected =
      this.lastAckedSequence === NO_ACKED_SEQUENCE ? 0 : incrementSequence(this.lastAckedSequence, 1);
    return sequence === expected;
  }

  acknowledged(lastSequence: number): void {
    const isNewer =
      this.lastAckedSequence === NO_ACKED_SEQUENCE ||
      compareSequences(lastSequence, this.lastAckedSequence) > 0;
    if (isNewer) this.lastAckedSequence = lastSequence;
  }

  /** A batch will never be written, and the broker has not seen its sequences: those behind it move down. */
  closeGap(baseSequence: number, recordCount: number): void {
    this.nextSequence = decrementSequence(this.nextSequence, recordCount);
    for (const batch of this.inFlight) {
      if (compareSequences(batch.baseSequence, baseSequence) < 0) continue;
      batch.resetProducerState(
        batch.producerId,
        batch.producerEpoch,
        decrementSequence(batch.baseSequence, recordCount),
      );
    }
  }

  /** A new id or epoch: what is in flight gets sequences from 0 again, in its order, and what is new comes behind. */
  startAtBeginning(producerId: bigint, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.nextSequence = 0;
    this.lastAckedSequence = NO_ACKED_SEQUENCE;
    for (const batch of this.inFlight) {
      const stamp = this.stamp(batch.recordCount);
      batch.resetProducerState(stamp.producerId, stamp.producerEpoch, stamp.baseSequence);
    }
  }

  /** Numbers for the next batch. */
  stamp(recordCount: number): ProducerStamp {
    const stamp = this.tracker?.stamp(this.partition, recordCount) ?? {
      producerId: this.producerId,
      producerEpoch: this.producerEpoch,
      baseSequence: this.nextSequence,
    };
    this.nextSequence = incrementSequence(stamp.baseSequence, recordCount);
    return stamp;
  }
}
