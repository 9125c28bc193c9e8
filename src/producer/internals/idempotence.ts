import {
  ClusterAuthorizationError,
  KafkaError,
  OutOfOrderSequenceError,
  ProducerFencedError,
  UnsupportedVersionError,
} from '../../protocol/errors';
import type { ProducerParts, SequenceStamper } from '../producer-parts';
import { PartitionSequences } from './partition-sequences';
import type { ProducerBatch } from './producer-batch';

const NO_PRODUCER_ID = -1n;
const MAX_EPOCH = 32_767;

/** Codes of the protocol that the rules below turn on. */
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const UNKNOWN_PRODUCER_ID = 59;

/**
 * Exactly one copy of each batch per partition, in order, with up to five requests in flight: the idempotent half of
 * Java's TransactionManager. The broker appends a batch only if its sequence follows the last one, and knows the last five
 * by heart to answer a resend. This class sees to it that what is sent always lets the broker do that.
 */
export class Idempotence {
  producerId = NO_PRODUCER_ID;
  producerEpoch = -1;
  /** Nothing can be sent any more; every batch fails with it. */
  fatalError: Error | null = null;
  readonly #topics = new Map<string, PartitionSequences[]>();
  readonly #trackers = new Map<string, SequenceStamper>();
  /** Partitions with a gap that only a new epoch can close. */
  readonly #toRewrite = new Set<PartitionSequences>();
  readonly #unresolved = new Set<PartitionSequences>();
  #epochBumpRequired = false;

  constructor(private readonly Tracker: NonNullable<ProducerParts['sequenceTracker']> | null = null) {}

  get hasProducerId(): boolean {
    return this.producerId !== NO_PRODUCER_ID;
  }

  /** An id from the broker; the one before, if there was one, is not used again. */
  setProducerId(producerId: bigint, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.#trackers.clear();
    this.#rewriteSequences();
  }

  /** Java closes a gap by a new epoch, without asking the broker; only when epochs have run out is a new id needed. */
  bumpEpochIfRequired(): boolean {
    if (!this.#epochBumpRequired || !this.hasProducerId) return false;
    this.#epochBumpRequired = false;
    if (this.producerEpoch >= MAX_EPOCH) {
      this.producerId = NO_PRODUCER_ID;
      this.producerEpoch = -1;
      return false;
    }
    this.producerEpoch++;
    for (const tracker of this.#trackers.values()) tracker.bumpEpoch();
    this.#rewriteSequences();
    return true;
  }

  /** Whether a batch at the head of its partition's queue may go out now. */
  maySend(batch: ProducerBatch): boolean {
    if (!this.hasProducerId || this.#epochBumpRequired) return false;
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    const first = sequences.inFlight[0];
    if (batch.hasSequence) {
      // Sent again one at a time, in order: the broker refuses what comes behind a gap anyway.
      return first === undefined || first === batch;
    }
    if (sequences.unresolvedSequence !== -1) return false;
    // What is in flight under the old epoch has to be answered before the new one may begin at 0.
    return first === undefined || !this.#isStale(sequences);
  }

  /** Numbers for a batch on its first way out; a retried one keeps those it has. */
  assignSequence(batch: ProducerBatch): void {
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    if (this.#isStale(sequences) && sequences.inFlight.length === 0) {
      sequences.tracker = this.#trackerFor(batch.topic);
      sequences.startAtBeginning(this.producerId, this.producerEpoch);
    }
    const stamp = sequences.stamp(batch.recordCount);
    batch.setProducerState(stamp.producerId, stamp.producerEpoch, stamp.baseSequence);
    sequences.addInFlight(batch);
  }

  /** The pieces of a batch that was too large share its numbers (J-04). They are in flight in its place. */
  replaceInFlight(whole: ProducerBatch, pieces: readonly ProducerBatch[]): void {
    const sequences = this.sequencesOf(whole.topic, whole.partition);
    sequences.removeInFlight(whole);
    for (const piece of pieces) sequences.addInFlight(piece);
  }

  hasInFlight(topic: string, partition: number): boolean {
    return this.sequencesOf(topic, partition).inFlight.length > 0;
  }

  /** Whether a refused batch may be sent again, possibly only after a new epoch. */
  canRetry(batch: ProducerBatch, errorCode: number, isRetriable: boolean): boolean {
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    if (errorCode === OUT_OF_ORDER_SEQUENCE_NUMBER) {
      const somethingBeforeItFailed = batch.sequenceWasReset || !sequences.isNext(batch.baseSequence);
      // If it was this batch's turn, the broker has lost something that it acknowledged: only a new epoch helps.
      if (sequences.unresolvedSequence !== -1 || !somethingBeforeItFailed) this.#requestEpochBump(sequences);
      return true;
    }
    if (errorCode === UNKNOWN_PRODUCER_ID) {
      if (!batch.sequenceWasReset) this.#requestEpochBump(sequences);
      return true;
    }
    return isRetriable;
  }

  acknowledged(batch: ProducerBatch, baseOffset: bigint): void {
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    sequences.removeInFlight(batch);
    // An answer from before the present epoch says nothing about its sequences.
    if (batch.producerId !== sequences.producerId || batch.producerEpoch !== sequences.producerEpoch) return;
    sequences.acknowledged(batch.lastSequence);
    if (baseOffset !== -1n) {
      const lastOffset = baseOffset + BigInt(batch.recordCount - 1);
      if (lastOffset > sequences.lastAckedOffset) sequences.lastAckedOffset = lastOffset;
    }
  }

  /** `neverWritten`: the broker refused it, so that its numbers are free. Otherwise nobody knows. */
  failed(batch: ProducerBatch, error: Error, neverWritten: boolean): void {
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    sequences.removeInFlight(batch);
    if (isFatal(error)) this.fail(error);
    if (this.fatalError !== null || !batch.hasSequence) return;
    if (error instanceof OutOfOrderSequenceError) this.#requestEpochBump(sequences);
    else if (!neverWritten) return;
    // A tracker from outside cannot count backwards: a new epoch closes the gap as well.
    else if (sequences.tracker !== null) this.#requestEpochBump(sequences);
    else sequences.closeGap(batch.baseSequence, batch.recordCount);
  }

  /** The batch expired after it was sent: whether it was written will only show in what becomes of the ones behind it. */
  markUnresolved(batch: ProducerBatch): void {
    if (!batch.hasSequence) return;
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    sequences.unresolvedSequence = batch.lastSequence + 1;
    this.#unresolved.add(sequences);
  }

  hasUnresolvedSequence(topic: string, partition: number): boolean {
    return this.sequencesOf(topic, partition).unresolvedSequence !== -1;
  }

  /** Once nothing is in flight: if the last sequence given out was acknowledged, all is well; if not, a new epoch begins. */
  resolveSequences(): void {
    for (const sequences of this.#unresolved) {
      if (sequences.inFlight.length > 0) continue;
      if (!sequences.isNext(sequences.nextSequence)) this.#requestEpochBump(sequences);
      sequences.unresolvedSequence = -1;
      this.#unresolved.delete(sequences);
    }
  }

  fail(error: Error): void {
    this.fatalError ??= new KafkaError(
      `The producer cannot go on, since an error cannot be mended by trying again: ${error.message}`,
      { cause: error },
    );
  }

  sequencesOf(topic: string, partition: number): PartitionSequences {
    let ofTopic = this.#topics.get(topic);
    if (ofTopic === undefined) this.#topics.set(topic, (ofTopic = []));
    return (ofTopic[partition] ??= new PartitionSequences(topic, partition));
  }

  #isStale(sequences: PartitionSequences): boolean {
    return sequences.producerId !== this.producerId || sequences.producerEpoch !== this.producerEpoch;
  }

  #requestEpochBump(sequences: PartitionSequences): void {
    this.#epochBumpRequired = true;
    this.#toRewrite.add(sequences);
  }

  #rewriteSequences(): void {
    for (const sequences of this.#toRewrite) {
      sequences.tracker = this.#trackerFor(sequences.topic);
      sequences.startAtBeginning(this.producerId, this.producerEpoch);
      sequences.unresolvedSequence = -1;
      this.#unresolved.delete(sequences);
    }
    this.#toRewrite.clear();
  }

  #trackerFor(topic: string): SequenceStamper | null {
    if (this.Tracker === null) return null;
    let tracker = this.#trackers.get(topic);
    if (tracker === undefined) {
      tracker = new this.Tracker(this.producerId, this.producerEpoch);
      this.#trackers.set(topic, tracker);
    }
    return tracker;
  }
}

function isFatal(error: Error): boolean {
  return (
    error instanceof ClusterAuthorizationError ||
    error instanceof ProducerFencedError ||
    error instanceof UnsupportedVersionError
  );
}
