import type { ProducerStamp, SequenceStamper } from '../../src/producer/index';

/**
 * Numbers the records of one producer id, for each partition separately, so that the broker can tell a retry from new data.
 */
export class SequenceTracker implements SequenceStamper {
  // @todo Keep the next number of each partition.
  // @stub // (a private field)
  /** A partition that is absent begins at 0. */
  readonly #nextSequence = new Map<number, number>();
  // @end

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
    // @todo Return { producerId, producerEpoch, baseSequence }.
    // 1. `baseSequence` is the number of the batch's first record. Each partition begins at 0.
    // 2. Every record takes one number, so the next batch of this partition begins that much further on.
    // 3. After 2147483647 comes 0. The end may lie within a batch.
    const baseSequence = this.#nextSequence.get(partition) ?? 0;
    // 2147483648 numbers: Java's Integer.MAX_VALUE is the last one and not the number of them.
    this.#nextSequence.set(partition, (baseSequence + recordCount) % 2_147_483_648);
    // A new object each time: the batch keeps it for its retries while this tracker counts on.
    return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
    // @end
  }

  /** Moves to the next epoch. With it, the broker forgets the batches of the older one. */
  bumpEpoch(): void {
    // @todo Move to the next epoch, in which every partition begins at 0 again.
    this.epoch += 1;
    this.#nextSequence.clear();
    // @end
  }
}
