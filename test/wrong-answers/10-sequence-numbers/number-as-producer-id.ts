// caught by: counts records, for each partition from 0
// The producer id as a JavaScript number, which is exact only up to 53 bits.
export class SequenceTracker {
  #next = new Map<number, number>();

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(partition) ?? 0;
    this.#next.set(partition, (baseSequence + recordCount) % 2 ** 31);
    return { producerId: BigInt(Number(this.producerId)), producerEpoch: this.epoch, baseSequence };
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}
