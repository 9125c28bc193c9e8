interface BatchHeader {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

const MAX_SEQUENCE = 0x7fffffff;

/** A ring of five, and Java's own way to add to a sequence. */
class ProducerEntry {
  epoch = -1;
  readonly ring: { first: number; last: number; offset: bigint }[] = [];
  written = 0;

  remember(first: number, last: number, offset: bigint): void {
    this.ring[this.written++ % 5] = { first, last, offset };
  }

  get lastSequence(): number {
    return this.ring[(this.written - 1) % 5]!.last;
  }
}

export class PartitionLog {
  private logEndOffset = BigInt(0);
  private producers: { [id: string]: ProducerEntry } = {};

  append(batch: BatchHeader) {
    const { producerEpoch: epoch, baseSequence: first, recordCount } = batch;
    const last =
      first > MAX_SEQUENCE - (recordCount - 1)
        ? recordCount - 1 - (MAX_SEQUENCE - first) - 1
        : first + recordCount - 1;
    const id = String(batch.producerId);
    let entry = this.producers[id];
    if (entry && epoch < entry.epoch) return { status: 'invalid-producer-epoch' as const };
    if (entry && epoch === entry.epoch) {
      for (const one of entry.ring) {
        if (one.first === first && one.last === last)
          return { status: 'duplicate' as const, baseOffset: one.offset };
      }
      const follows =
        first === entry.lastSequence + 1 || (first === 0 && entry.lastSequence === MAX_SEQUENCE);
      if (!follows) return { status: 'out-of-order-sequence' as const };
    } else {
      if (entry && first !== 0) return { status: 'out-of-order-sequence' as const, baseOffset: undefined };
      entry = this.producers[id] = new ProducerEntry();
      entry.epoch = epoch;
    }
    const baseOffset = this.logEndOffset;
    entry.remember(first, last, baseOffset);
    this.logEndOffset += BigInt(recordCount);
    return { status: 'appended' as const, baseOffset };
  }
}
