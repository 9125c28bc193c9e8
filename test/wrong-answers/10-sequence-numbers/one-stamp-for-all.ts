// caught by: counts records, for each partition from 0
// One object for all batches: a resend carries the numbers of the batch that was stamped last.
export class SequenceTracker {
  #next = new Map<number, number>();
  readonly #stamp = { producerId: 0n, producerEpoch: 0, baseSequence: 0 };

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(partition) ?? 0;
    this.#next.set(partition, (baseSequence + recordCount) % 2 ** 31);
    return Object.assign(this.#stamp, {
      producerId: this.producerId,
      producerEpoch: this.epoch,
      baseSequence,
    });
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}
