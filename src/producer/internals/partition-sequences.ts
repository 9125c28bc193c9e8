import { compareSequences, incrementSequence } from '../../protocol/sequence-numbers';
import type { ProducerStamp, SequenceStamper } from '../producer-parts';
import type { ProducerBatch } from './producer-batch';

const NO_SEQUENCE = -1;

/** What the producer knows of one partition's sequence numbers: Java's TxnPartitionEntry. */
export class PartitionSequences {
  /** Of the next batch. */
  nextSequence = 0;
  lastAckedSequence = NO_SEQUENCE;
  lastAckedOffset = -1n;
  /** When the broker last acknowledged a batch of this producer id, or null: the broker may know nothing of the id. */
  lastAckedMs: number | null = null;
  /** In order of their sequence numbers: sent, or waiting to be retried. */
  readonly inFlight: ProducerBatch[] = [];
  /** A batch failed that may be written. Until that is known, nothing new may be sent. */
  isUnresolved = false;
  /**
   * First sequence of a batch that the broker will never get, or -1. The broker takes no later sequence of this epoch, so
   * that the batches from here on need new numbers in a new epoch.
   */
  gapSequence = NO_SEQUENCE;
  producerId = -1n;
  producerEpoch = -1;

  constructor(
    readonly topic: string,
    readonly partition: number,
    /** A tracker from outside, which then counts in our place. */
    public tracker: SequenceStamper | null = null,
  ) {}

  get hasGap(): boolean {
    return this.gapSequence !== NO_SEQUENCE;
  }

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
      this.lastAckedSequence === NO_SEQUENCE ? 0 : incrementSequence(this.lastAckedSequence, 1);
    return sequence === expected;
  }

  acknowledged(lastSequence: number): void {
    const isNewer =
      this.lastAckedSequence === NO_SEQUENCE || compareSequences(lastSequence, this.lastAckedSequence) > 0;
    if (isNewer) this.lastAckedSequence = lastSequence;
  }

  /** The batches from this sequence on need a new epoch. Of several gaps the first counts. */
  openGap(sequence: number): void {
    if (!this.hasGap || compareSequences(sequence, this.gapSequence) < 0) this.gapSequence = sequence;
  }

  isBehindGap({ baseSequence }: ProducerBatch): boolean {
    return this.hasGap && compareSequences(baseSequence, this.gapSequence) >= 0;
  }

  /**
   * Whether the batches behind the gap may get new numbers. Not while a batch before the gap is open: the broker may have it,
   * and finds that out by its present numbers only. Not while a request is under way: its bytes must not change.
   */
  get mayStartNewEpoch(): boolean {
    return this.inFlight.every((batch) => this.isBehindGap(batch) && !batch.inRequest);
  }

  /** A new id or epoch: what is in flight gets sequences from 0 in its present order, and new batches follow. */
  startAtBeginning(producerId: bigint, producerEpoch: number): void {
    if (this.producerId !== producerId) this.lastAckedMs = null;
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.nextSequence = 0;
    this.lastAckedSequence = NO_SEQUENCE;
    this.isUnresolved = false;
    this.gapSequence = NO_SEQUENCE;
    for (const batch of this.inFlight) {
      const stamp = this.stamp(batch.recordCount);
      batch.setProducerState(stamp.producerId, stamp.producerEpoch, stamp.baseSequence);
      batch.mayBeWritten = false; // a broker writes nothing behind a gap
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
