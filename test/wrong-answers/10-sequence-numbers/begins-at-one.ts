// caught by: counts records, for each partition from 0
// The first record has number 1. The broker does not mind, until the next epoch, which has to begin at 0.
export class SequenceTracker {
  #next = new Map<number, number>();

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(partition) ?? 1;
    this.#next.set(partition, (baseSequence + recordCount) % 2 ** 31);
    return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}
