import { ERROR_CODE } from '../../protocol/error-code';
import {
  ClusterAuthorizationError,
  KafkaError,
  ProducerFencedError,
  UnsupportedVersionError,
} from '../../protocol/errors';
import type { ProducerParts, SequenceStamper } from '../producer-parts';
import { PartitionSequences } from './partition-sequences';
import type { ProducerBatch } from './producer-batch';

const NO_PRODUCER_ID = -1n;
const MAX_EPOCH = 32_767;
/** A broker remembers this many batches of each producer id, and recognises no older one when it is sent again. */
const REMEMBERED_BATCHES = 5;
/** A broker forgets a producer id after a day without a batch (`producer.id.expiration.ms`); some are set to less. */
const MAY_BE_FORGOTTEN_AFTER_MS = 60 * 60 * 1000;

/**
 * Exactly one copy of each batch per partition, in order, with up to five batches in flight: the idempotent half of Java's
 * TransactionManager. A broker appends a batch only if its sequence follows the last one, and recognises the last five
 * batches when they are sent again.
 *
 * Three rules keep that promise, and DESIGN.md has the cases that break it without them:
 * 1. The first batch of a partition is alone in flight until it is acknowledged. A broker that does not know a producer id
 *    takes any sequence, and would take the second batch after it has refused the first. Java does not wait here.
 * 2. A batch that will never be written leaves a gap. The batches behind it get new numbers in a new epoch, but only once
 *    nothing before the gap is open: numbers must not change while the broker may have the batch.
 * 3. A batch whose fate is not known leaves no gap, because it may be written: nothing new is sent until the batches behind it
 *    have shown whether it was.
 */
export class Idempotence {
  producerId = NO_PRODUCER_ID;
  producerEpoch = -1;
  /** Nothing can be sent any more; every batch fails with it. */
  fatalError: Error | null = null;
  readonly #topics = new Map<string, PartitionSequences[]>();
  readonly #trackers = new Map<string, SequenceStamper>();
  readonly #withGap = new Set<PartitionSequences>();
  readonly #unresolved = new Set<PartitionSequences>();
  #epochBumpRequired = false;

  constructor(private readonly Tracker: NonNullable<ProducerParts['sequenceTracker']> | null = null) {}

  get hasProducerId(): boolean {
    return this.producerId !== NO_PRODUCER_ID;
  }

  /** An id from the broker. The one before, if there was one, gets no new batches. */
  setProducerId(producerId: bigint, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.#trackers.clear();
  }

  /**
   * What has to happen before the next batches are sent: unresolved sequences are settled, the epoch is bumped where there is a
   * gap, and the batches behind a gap get their new numbers. Whether the epoch was bumped.
   */
  prepareToSend(): boolean {
    this.#resolveSequences();
    const isBumped = this.#bumpEpochIfRequired();
    if (this.hasProducerId) this.#closeGaps();
    return isBumped;
  }

  /** Whether a batch at the head of its partition's queue may be sent now. */
  maySend(batch: ProducerBatch, nowMs: number): boolean {
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    const first = sequences.inFlight[0];
    // Retries go one at a time, in order: a broker refuses what is behind a gap anyway.
    if (batch.hasSequence) return first === batch && !sequences.isBehindGap(batch);
    if (!this.hasProducerId || sequences.hasGap || sequences.isUnresolved) return false;
    if (first === undefined) return true;
    // The batches in flight under the old epoch need their responses before the new epoch may start at 0.
    if (this.#isStale(sequences)) return false;
    return sequences.inFlight.length < REMEMBERED_BATCHES && isKnownToBroker(sequences, nowMs);
  }

  /** Numbers for a batch that is sent for the first time; a retried one keeps those it has. */
  assignSequence(batch: ProducerBatch): void {
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    if (this.#isStale(sequences) && sequences.inFlight.length === 0) this.#startAtBeginning(sequences);
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

  /** Whether a refused batch may be retried, possibly only in a new epoch. */
  canRetry(batch: ProducerBatch, errorCode: number, isRetriable: boolean): boolean {
    if (errorCode !== ERROR_CODE.OUT_OF_ORDER_SEQUENCE_NUMBER && errorCode !== ERROR_CODE.UNKNOWN_PRODUCER_ID)
      return isRetriable;
    // Behind another batch in flight, the refusal is a consequence: this batch follows once that one is written. The first in
    // flight was expected next, so the broker misses something that it will never get.
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    if (sequences.inFlight[0] === batch) this.#openGap(sequences, batch.baseSequence);
    return true;
  }

  /** `baseOffset` -1n: the broker had the batch already and does not say where. */
  acknowledged(batch: ProducerBatch, baseOffset: bigint, nowMs: number): void {
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    sequences.removeInFlight(batch);
    if (batch.producerId !== sequences.producerId) return;
    sequences.lastAckedMs = nowMs;
    // A response from before the present epoch says nothing about its sequences.
    if (batch.producerEpoch !== sequences.producerEpoch) return;
    sequences.acknowledged(batch.lastSequence);
    if (baseOffset !== -1n) {
      const lastOffset = baseOffset + BigInt(batch.recordCount - 1);
      if (lastOffset > sequences.lastAckedOffset) sequences.lastAckedOffset = lastOffset;
    }
  }

  /**
   * The batch has failed for good. If a broker refused it and no earlier attempt may have been written, its numbers are lost.
   * Otherwise its fate shows in what becomes of the batches behind it.
   */
  failed(batch: ProducerBatch, error: Error, isRefused: boolean): void {
    const sequences = this.sequencesOf(batch.topic, batch.partition);
    sequences.removeInFlight(batch);
    if (isFatal(error)) this.fail(error);
    if (this.fatalError !== null || !batch.hasSequence || sequences.isBehindGap(batch)) return;
    if (isRefused && !batch.mayBeWritten) this.#openGap(sequences, batch.baseSequence);
    else {
      sequences.isUnresolved = true;
      this.#unresolved.add(sequences);
    }
  }

  hasInFlight(topic: string, partition: number): boolean {
    return this.sequencesOf(topic, partition).inFlight.length > 0;
  }

  hasUnresolvedSequence(topic: string, partition: number): boolean {
    return this.sequencesOf(topic, partition).isUnresolved;
  }

  /** The topic was deleted and created again: its new logs know nothing of this producer. */
  forgetBrokersOf(topic: string): void {
    for (const sequences of this.#topics.get(topic) ?? []) {
      if (sequences !== undefined) sequences.lastAckedMs = null;
    }
  }

  fail(error: Error): void {
    this.fatalError ??= new KafkaError(
      `The producer cannot go on, because of an error that a retry cannot fix: ${error.message}`,
      { cause: error },
    );
  }

  sequencesOf(topic: string, partition: number): PartitionSequences {
    let ofTopic = this.#topics.get(topic);
    if (ofTopic === undefined) this.#topics.set(topic, (ofTopic = []));
    return (ofTopic[partition] ??= new PartitionSequences(topic, partition));
  }

  /** Once nothing is in flight: if the last sequence given out was acknowledged, all is well; if not, a new epoch begins. */
  #resolveSequences(): void {
    for (const sequences of this.#unresolved) {
      if (sequences.inFlight.length > 0) continue;
      if (!sequences.isNext(sequences.nextSequence)) this.#openGap(sequences, sequences.nextSequence);
      sequences.isUnresolved = false;
      this.#unresolved.delete(sequences);
    }
  }

  /** As Java, the producer raises its epoch by itself. Only when epochs have run out does it need a new id (I-14). */
  #bumpEpochIfRequired(): boolean {
    if (!this.#epochBumpRequired || !this.hasProducerId) return false;
    this.#epochBumpRequired = false;
    if (this.producerEpoch >= MAX_EPOCH) {
      this.producerId = NO_PRODUCER_ID;
      this.producerEpoch = -1;
      return false;
    }
    this.producerEpoch++;
    for (const tracker of this.#trackers.values()) tracker.bumpEpoch();
    return true;
  }

  #closeGaps(): void {
    for (const sequences of this.#withGap) {
      if (!sequences.mayStartNewEpoch) continue;
      this.#startAtBeginning(sequences);
      this.#withGap.delete(sequences);
      this.#unresolved.delete(sequences);
    }
  }

  #openGap(sequences: PartitionSequences, sequence: number): void {
    sequences.openGap(sequence);
    this.#withGap.add(sequences);
    // Another partition may have bumped the epoch already; the one after it serves both.
    if (!this.#isStale(sequences)) this.#epochBumpRequired = true;
  }

  #startAtBeginning(sequences: PartitionSequences): void {
    sequences.tracker = this.#trackerFor(sequences.topic);
    sequences.startAtBeginning(this.producerId, this.producerEpoch);
  }

  #isStale(sequences: PartitionSequences): boolean {
    return sequences.producerId !== this.producerId || sequences.producerEpoch !== this.producerEpoch;
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

/** Only a broker that knows the producer id refuses a batch out of order. */
function isKnownToBroker({ lastAckedMs }: PartitionSequences, nowMs: number): boolean {
  return lastAckedMs !== null && nowMs - lastAckedMs < MAY_BE_FORGOTTEN_AFTER_MS;
}

function isFatal(error: Error): boolean {
  return (
    error instanceof ClusterAuthorizationError ||
    error instanceof ProducerFencedError ||
    error instanceof UnsupportedVersionError
  );
}
