import type { ProducerStamp, SequenceStamper } from '../../../src/producer/index';

const MAX = 0x7fffffff;

// One object for each partition of each epoch, and Java's way to add without leaving 32 bits.
export class SequenceTracker implements SequenceStamper {
  #partitions: Record<string, { next: number }> = {};
  #epoch: number;

  constructor(
    private readonly producerId: bigint,
    epoch: number,
  ) {
    this.#epoch = epoch;
  }

  stamp(partition: number, recordCount: number): ProducerStamp {
    const state = (this.#partitions[partition] ??= { next: 0 });
    const baseSequence = state.next;
    state.next =
      baseSequence > MAX - recordCount ? recordCount - (MAX - baseSequence) - 1 : baseSequence + recordCount;
    return { baseSequence, producerEpoch: this.#epoch, producerId: this.producerId };
  }

  bumpEpoch(): void {
    this.#partitions = {};
    this.#epoch = this.#epoch + 1;
  }
}
