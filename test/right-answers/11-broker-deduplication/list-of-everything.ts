interface Batch {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

// The log as a plain list of what was written; everything is worked out from it, each time anew.
export class PartitionLog {
  readonly #log: (Batch & { readonly offset: bigint })[] = [];

  append = (batch: Batch) => {
    const same = this.#log.filter(({ producerId }) => producerId === batch.producerId);
    const epoch = same.reduce((highest, one) => Math.max(highest, one.producerEpoch), -1);
    if (batch.producerEpoch < epoch) return { status: 'invalid-producer-epoch' };
    const lastFive = same.filter(({ producerEpoch }) => producerEpoch === batch.producerEpoch).slice(-5);
    for (const { baseSequence, recordCount, offset } of lastFive) {
      if (baseSequence === batch.baseSequence && recordCount === batch.recordCount)
        return { status: 'duplicate', baseOffset: offset };
    }
    const previous = lastFive[lastFive.length - 1];
    // A new id may begin anywhere, a new epoch only at 0.
    const allowed = previous
      ? (previous.baseSequence + previous.recordCount) & 0x7fffffff
      : epoch === -1
        ? batch.baseSequence
        : 0;
    if (batch.baseSequence !== allowed) return { status: 'out-of-order-sequence' };
    const offset = this.#log.reduce((sum, { recordCount }) => sum + BigInt(recordCount), 0n);
    this.#log.push({ ...batch, offset });
    return { status: 'appended', baseOffset: offset };
  };
}
