import type { ProducerStamp, SequenceStamper } from '../../src/producer/index';

/**
 * Numbers the records of one producer id, for each partition on its own, so that the broker can tell a resend from new data.
 */
export class SequenceTracker implements SequenceStamper {
  // TODO: Keep the number that comes next, for each partition.
  // (a private field)

  /** @param producerId given out by the broker. @param epoch the one to begin with. */
  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  /**
   * What goes into the header of a batch of `recordCount` records for this partition. Called once for each batch, in the
   * order in which they are sent; a resend keeps its stamp.
   */
  stamp(partition: number, recordCount: number): ProducerStamp {
    // TODO: Return { producerId, producerEpoch, baseSequence }.
    // 1. `baseSequence` is the number of the batch's first record. Each partition begins at 0.
    // 2. Every record takes one number, so the next batch of this partition begins that much further on.
    // 3. After 2147483647 comes 0. The end may lie within a batch.
    throw new Error('not started yet');
  }

  /** The next epoch, with which the broker forgets what it knew of this producer id. */
  bumpEpoch(): void {
    // TODO: Go on to the next epoch, in which every partition begins at 0 again.
    throw new Error('not started yet');
  }
}
