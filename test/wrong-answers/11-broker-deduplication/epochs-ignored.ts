// caught by: lets a higher epoch start at 0, and refuses a lower one
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

// Only the sequences looked at.
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
    const duplicate = state.batches.find((one) => one.first === baseSequence && one.last === last);
    if (duplicate !== undefined) return { status: 'duplicate', baseOffset: duplicate.offset };
    const next = (state.batches.at(-1)!.last + 1) % 2 ** 31;
    return baseSequence === next ? write(state.batches) : { status: 'out-of-order-sequence' };
  }
}
