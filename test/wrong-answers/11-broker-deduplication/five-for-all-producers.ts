// caught by: knows the last five batches of each producer, and no more
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

// The last five batches of the whole log instead of five for each producer.
export class PartitionLog {
  #end = 0n;
  #recent: Written[] = [];
  readonly #known = new Map<bigint, { epoch: number; batches: Written[] }>();

  append({ producerId, producerEpoch, baseSequence, recordCount }: Batch) {
    const last = (baseSequence + recordCount - 1) % 2 ** 31;
    const state = this.#known.get(producerId);
    const write = (before: readonly Written[]) => {
      const offset = this.#end;
      this.#end += BigInt(recordCount);
      const written = { first: baseSequence, last, offset };
      this.#recent = [...this.#recent, written].slice(-5);
      const batches = [...before, written].slice(-5);
      this.#known.set(producerId, { epoch: producerEpoch, batches });
      return { status: 'appended', baseOffset: offset };
    };
    if (state === undefined) return write([]);
    if (producerEpoch < state.epoch) return { status: 'invalid-producer-epoch' };
    if (producerEpoch > state.epoch) {
      return baseSequence === 0 ? write([]) : { status: 'out-of-order-sequence' };
    }
    const duplicate = state.batches.find(
      (one) => one.first === baseSequence && one.last === last && this.#recent.includes(one),
    );
    if (duplicate !== undefined) return { status: 'duplicate', baseOffset: duplicate.offset };
    const next = (state.batches.at(-1)!.last + 1) % 2 ** 31;
    return baseSequence === next ? write(state.batches) : { status: 'out-of-order-sequence' };
  }
}
