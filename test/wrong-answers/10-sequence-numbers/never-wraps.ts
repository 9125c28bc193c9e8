// caught by: goes on at 0 after 2147483647
// Numbers beyond 31 bits, which no batch can carry.
export class SequenceTracker {
  #next = new Map<number, number>();

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(partition) ?? 0;
    this.#next.set(partition, baseSequence + recordCount);
    return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}
