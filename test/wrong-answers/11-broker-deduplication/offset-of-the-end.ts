// caught by: appends what comes in order, and answers a resend with the offset it has
interface Batch {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

interface Written {
  readonly first: number;
  readonly last: number;
  readonly offset: bigint;
}

// A duplicate answered with the end of the log instead of its own offset.
export class PartitionLog {
  #end = 0n;
  readonly #known = new Map<bigint, { epoch: number; batches: Written[] }>();

  append({ producerId, producerEpoch, baseSequence, recordCount }: Batch) {
    const last = (baseSequence + recordCount - 1) % 2 ** 31;
    const state = this.#known.get(producerId);
    const write = (before: readonly Written[]) => {
      const offset = this.#end;
      this.#end += BigInt(recordCount);
      const batches = [...before, { first: baseSequence, last, offset }].slice(-5);
      this.#known.set(producerId, { epoch: producerEpoch, batches });
      return { status: 'appended', baseOffset: offset };
    };
    if (state === undefined) return write([]);
    if (producerEpoch < state.epoch) return { status: 'invalid-producer-epoch' };
    if (producerEpoch > state.epoch) {
      return baseSequence === 0 ? write([]) : { status: 'out-of-order-sequence' };
    }
    const duplicate = state.batches.find((one) => one.first === baseSequence && one.last === last);
    if (duplicate !== undefined) return { status: 'duplicate', baseOffset: this.#end };
    const next = (state.batches.at(-1)!.last + 1) % 2 ** 31;
    return baseSequence === next ? write(state.batches) : { status: 'out-of-order-sequence' };
  }
}
