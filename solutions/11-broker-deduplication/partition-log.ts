/** What a broker reads from the header of a batch. */
export interface BatchHeader {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Sequence number of the first record. */
  readonly baseSequence: number;
  readonly recordCount: number;
}

export type AppendResult =
  | { readonly status: 'appended' | 'duplicate'; readonly baseOffset: bigint }
  | { readonly status: 'out-of-order-sequence' | 'invalid-producer-epoch' };

/** A written batch, as the broker remembers it. */
interface WrittenBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: bigint;
}

/** What the broker remembers of one producer id: its epoch, and its last batches, oldest first. */
interface ProducerState {
  readonly epoch: number;
  readonly batches: readonly WrittenBatch[];
}

/**
 * The log of one partition, without the records: which batches a broker writes, which it recognises, which it refuses.
 */
export class PartitionLog {
  // @todo Keep what the broker has to remember: the next offset, and something for each producer id.
  // @stub // (a private field or two)
  #nextOffset = 0n;
  readonly #producers = new Map<bigint, ProducerState>();
  // @end

  /** Writes the batch if it comes in order; `baseOffset` is the offset of its first record, from 0n. */
  append(batch: BatchHeader): AppendResult {
    // @todo Return what the leader of a partition responds.
    // 1. An unknown producer id: any epoch and any sequence is accepted.
    // 2. An epoch below the known one: 'invalid-producer-epoch'.
    // 3. A higher epoch: the batch has to start at sequence 0, else 'out-of-order-sequence'.
    // 4. The same epoch: a batch with the same first and last sequence as one of the last five of this producer is a
    //    'duplicate', and gets the offset of that one. Nothing is written.
    // 5. Otherwise its first sequence has to follow the last one that was written; 0 follows 2147483647.
    // Only a written batch changes what the broker remembers.
    const lastSequence = this.#sequence(batch.baseSequence, batch.recordCount - 1);
    const known = this.#producers.get(batch.producerId);
    // A broker forgets an id after a day of silence. It may go on with any sequence, as a new id may.
    if (known === undefined) return this.#write(batch, lastSequence, []);

    if (batch.producerEpoch < known.epoch) return { status: 'invalid-producer-epoch' };
    if (batch.producerEpoch > known.epoch) {
      if (batch.baseSequence !== 0) return { status: 'out-of-order-sequence' };
      // The batches of the old epoch are forgotten: a retry of one of them is refused because of its epoch.
      return this.#write(batch, lastSequence, []);
    }
    const written = known.batches.find((one) => {
      return one.firstSequence === batch.baseSequence && one.lastSequence === lastSequence;
    });
    // A success for the producer: its first attempt did arrive, only the response was lost.
    if (written !== undefined) return { status: 'duplicate', baseOffset: written.baseOffset };

    const last = known.batches.at(-1)!;
    if (batch.baseSequence !== this.#sequence(last.lastSequence, 1))
      return { status: 'out-of-order-sequence' };
    return this.#write(batch, lastSequence, known.batches);
    // @end
  }

  // @todo You may want a private method or two.
  // @stub // (they are not required)
  #write(batch: BatchHeader, lastSequence: number, before: readonly WrittenBatch[]): AppendResult {
    const baseOffset = this.#nextOffset;
    this.#nextOffset += BigInt(batch.recordCount);
    const written = { firstSequence: batch.baseSequence, lastSequence, baseOffset };
    // Five: as many as a producer may have in flight, so that the broker recognises each of them.
    const batches = [...before, written].slice(-5);
    this.#producers.set(batch.producerId, { epoch: batch.producerEpoch, batches });
    return { status: 'appended', baseOffset };
  }

  /** Adds to a sequence number. They have 31 bits: 0 follows 2147483647. */
  #sequence(first: number, plus: number): number {
    return (first + plus) % 2_147_483_648;
  }
  // @end
}
