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
  // TODO: Keep what the broker has to remember: the next offset, and something for each producer id.
  // (a private field or two)

  /** Writes the batch if it comes in order; `baseOffset` is the offset of its first record, from 0n. */
  append(batch: BatchHeader): AppendResult {
    // TODO: Return what the leader of a partition responds.
    // 1. An unknown producer id: any epoch and any sequence is accepted.
    // 2. An epoch below the known one: 'invalid-producer-epoch'.
    // 3. A higher epoch: the batch has to start at sequence 0, else 'out-of-order-sequence'.
    // 4. The same epoch: a batch with the same first and last sequence as one of the last five of this producer is a
    //    'duplicate', and gets the offset of that one. Nothing is written.
    // 5. Otherwise its first sequence has to follow the last one that was written; 0 follows 2147483647.
    // Only a written batch changes what the broker remembers.
    throw new Error('not started yet');
  }

  // TODO: You may want a private method or two.
  // (they are not required)
}
