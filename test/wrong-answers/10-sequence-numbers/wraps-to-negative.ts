// caught by: goes on at 0 after 2147483647
// Wrapped as Java's int does by itself: to -2147483648.
export class SequenceTracker {
  #next = new Map<number, number>();

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(partition) ?? 0;
    this.#next.set(partition, (baseSequence + recordCount) | 0);
    return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}
