// caught by: counts records, for each partition from 0
// The number behind the batch instead of the one it begins with.
export class SequenceTracker {
  #next = new Map<number, number>();

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(partition) ?? 0;
    this.#next.set(partition, (baseSequence + recordCount) % 2 ** 31);
    return {
      producerId: this.producerId,
      producerEpoch: this.epoch,
      baseSequence: this.#next.get(partition),
    };
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}
