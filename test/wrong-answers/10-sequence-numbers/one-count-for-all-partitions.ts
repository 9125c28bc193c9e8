// caught by: has the real broker write each batch once, and know the resends
// One count for all partitions: to the broker of each of them it has gaps.
export class SequenceTracker {
  #next = new Map<number, number>();

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(0) ?? 0;
    this.#next.set(0, (baseSequence + recordCount) % 2 ** 31);
    return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}
