import type { ProducerStamp, SequenceStamper } from '../../src/producer/index';

/**
 * Numbers the records of one producer id, for each partition separately, so that the broker can tell a retry from new data.
 */
export class SequenceTracker implements SequenceStamper {
  // TODO: Keep the next number of each partition.
  // (a private field)

  /** @param producerId assigned by the broker. @param epoch the first epoch. */
  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  /**
   * Returns what goes into the header of a batch of `recordCount` records for this partition. Called once for each batch,
   * in the order in which batches are sent; a retry keeps its stamp.
   */
  stamp(partition: number, recordCount: number): ProducerStamp {
    // TODO: Return { producerId, producerEpoch, baseSequence }.
    // 1. `baseSequence` is the number of the batch's first record. Each partition begins at 0.
    // 2. Every record takes one number, so the next batch of this partition begins that much further on.
    // 3. After 2147483647 comes 0. The end may lie within a batch.
    throw new Error('not started yet');
  }

  /** Moves to the next epoch. With it, the broker forgets the batches of the older one. */
  bumpEpoch(): void {
    // TODO: Move to the next epoch, in which every partition begins at 0 again.
    throw new Error('not started yet');
  }
}
