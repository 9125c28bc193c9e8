import { decrementSequence } from '../protocol/sequence-numbers';
import { BatchRefusal, Code } from './batch-refusal';
import type { StoredBatch } from './stored-batch';

/** As many batches of a producer id as a partition remembers, and as an idempotent producer may have in flight. */
const REMEMBERED_BATCHES = 5;
const NO_PRODUCER_EPOCH = -1;
const MAX_SEQUENCE = 2_147_483_647;

/** What is remembered of one batch: `BatchMetadata`. */
export interface RememberedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly maxTimestamp: number;
}

interface ProducerEntry {
  epoch: number;
  /** Oldest first, five at most. */
  batches: RememberedBatch[];
  lastTimestamp: number;
}

/**
 * What one replica's log remembers of idempotent producers: `ProducerStateManager`, `ProducerStateEntry` and the checks of
 * `ProducerAppendInfo`. It is a function of the log, so it moves with the log to whoever becomes leader.
 */
export class ProducerState {
  readonly #producers = new Map<bigint, ProducerEntry>();

  /** The batch with exactly these sequences, if it is one of the last five of the present epoch. */
  duplicateOf({
    producerId,
    producerEpoch,
    baseSequence,
    lastSequence,
  }: StoredBatch): RememberedBatch | null {
    const known = this.#producers.get(producerId);
    if (known?.epoch !== producerEpoch) return null;
    const same = known.batches.find(
      (batch) => batch.firstSequence === baseSequence && batch.lastSequence === lastSequence,
    );
    return same ?? null;
  }

  /** @throws BatchRefusal for an epoch that is over, or a sequence that does not follow */
  check({ producerId, producerEpoch: epoch, baseSequence }: StoredBatch): void {
    const known = this.#producers.get(producerId);
    const knownEpoch = known?.epoch ?? NO_PRODUCER_EPOCH;
    if (epoch < knownEpoch) {
      throw new BatchRefusal(
        Code.INVALID_PRODUCER_EPOCH,
        `Epoch ${epoch} is smaller than the last seen epoch ${knownEpoch}`,
      );
    }
    // Of an unknown producer id any sequence is taken.
    if (knownEpoch === NO_PRODUCER_EPOCH) return;
    const last = epoch === knownEpoch ? (known?.batches.at(-1)?.lastSequence ?? -1) : -1;
    const inSequence = epoch === knownEpoch ? follows(last, baseSequence) : baseSequence === 0;
    if (!inSequence) {
      throw new BatchRefusal(
        Code.OUT_OF_ORDER_SEQUENCE_NUMBER,
        `${baseSequence} (incoming seq. number), ${last} (current end sequence number)`,
      );
    }
  }

  remember({
    producerId,
    producerEpoch,
    lastSequence,
    recordCount,
    baseOffset,
    maxTimestamp,
  }: StoredBatch): void {
    let known = this.#producers.get(producerId);
    if (known === undefined) {
      known = { epoch: producerEpoch, batches: [], lastTimestamp: maxTimestamp };
      this.#producers.set(producerId, known);
    }
    if (known.epoch !== producerEpoch) known.batches = [];
    known.epoch = producerEpoch;
    known.lastTimestamp = maxTimestamp;
    if (known.batches.length === REMEMBERED_BATCHES) known.batches.shift();
    // As Kafka has it: worked out from the last one, which is not always what the batch began with.
    const firstSequence = decrementSequence(lastSequence, recordCount - 1);
    known.batches.push({ firstSequence, lastSequence, firstOffset: baseOffset, maxTimestamp });
  }

  /** Those whose last batch is that old: its own timestamp decides, not when it was written. */
  expire(nowMs: number, expirationMs: number): void {
    for (const [producerId, { lastTimestamp }] of this.#producers) {
      if (nowMs - lastTimestamp >= expirationMs) this.#producers.delete(producerId);
    }
  }

  /** All of them without a producer id. */
  forget(producerId?: bigint): void {
    if (producerId === undefined) this.#producers.clear();
    else this.#producers.delete(producerId);
  }
}

function follows(last: number, next: number): boolean {
  return next === last + 1 || (next === 0 && last === MAX_SEQUENCE);
}
