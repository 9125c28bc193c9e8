// caught by: has the real broker write each batch once, and know the resends
// One number for each batch: the broker misses the numbers of all other records.
export class SequenceTracker {
  #next = new Map<number, number>();

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(partition) ?? 0;
    this.#next.set(partition, (baseSequence + 1) % 2 ** 31);
    return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}
