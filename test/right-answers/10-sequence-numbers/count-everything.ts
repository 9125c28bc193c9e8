import type { ProducerStamp } from '../../../src/producer/index';

// All records of a partition counted for ever in a bigint, cut to 31 bits only where a stamp is written.
export class SequenceTracker {
  private counts: bigint[] = [];

  constructor(
    readonly id: bigint,
    private currentEpoch: number,
  ) {}

  stamp = (partition: number, recordCount: number): ProducerStamp => {
    const count = this.counts[partition] ?? 0n;
    this.counts[partition] = count + BigInt(recordCount);
    return Object.freeze({
      producerId: this.id,
      producerEpoch: this.currentEpoch,
      baseSequence: Number(BigInt.asUintN(31, count)),
    });
  };

  bumpEpoch(): this {
    this.counts = [];
    this.currentEpoch++;
    return this;
  }
}
