import { decodeRecordBatches } from '../protocol/record-batch-decoder';
import type { DecodedRecord, DecodedRecordBatch } from '../protocol/record-batch-decoder';

const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const INVALID_PRODUCER_EPOCH = 47;
const CORRUPT_MESSAGE = 2;
const MESSAGE_TOO_LARGE = 10;
/** As many batches of a producer id as the broker remembers, and as an idempotent producer may have in flight. */
const REMEMBERED_BATCHES = 5;
const SEQUENCES = 2 ** 31;

interface RememberedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: bigint;
}

interface ProducerMemory {
  readonly epoch: number;
  readonly batches: readonly RememberedBatch[];
}

export interface AppendAnswer {
  readonly errorCode: number;
  /** -1n with an error. */
  readonly baseOffset: bigint;
}

/** The log of one partition, and what its leader remembers of idempotent producers: the rules that Kafka 4.4 was seen to apply. */
export class SimulatedPartitionLog {
  readonly #records: DecodedRecord[] = [];
  readonly #batches: DecodedRecordBatch[] = [];
  readonly #producers = new Map<bigint, ProducerMemory>();

  constructor(private readonly maxMessageBytes: number) {}

  get records(): readonly DecodedRecord[] {
    return this.#records;
  }

  /** As they were sent; the offsets in them are the producer's. */
  get batches(): readonly DecodedRecordBatch[] {
    return this.#batches;
  }

  append(bytes: Buffer): AppendAnswer {
    if (bytes.length > this.maxMessageBytes) return refused(MESSAGE_TOO_LARGE);
    let batch: DecodedRecordBatch;
    try {
      // A copy: the producer may use its buffer again once it has the answer.
      [batch] = decodeRecordBatches(Buffer.from(bytes)) as [DecodedRecordBatch];
    } catch {
      return refused(CORRUPT_MESSAGE);
    }
    return batch.producerId === -1n ? this.#write(batch) : this.#appendIdempotent(batch);
  }

  #appendIdempotent(batch: DecodedRecordBatch): AppendAnswer {
    const { producerId, producerEpoch: epoch, baseSequence: firstSequence } = batch;
    const lastSequence = sequenceAfter(firstSequence, batch.recordCount - 1);
    const known = this.#producers.get(producerId);
    if (known !== undefined && epoch < known.epoch) return refused(INVALID_PRODUCER_EPOCH);

    // Of an older epoch nothing counts any more; of an unknown producer id any sequence is taken.
    const remembered = known?.epoch === epoch ? known.batches : [];
    const duplicate = remembered.find(
      (one) => one.firstSequence === firstSequence && one.lastSequence === lastSequence,
    );
    if (duplicate !== undefined) return { errorCode: 0, baseOffset: duplicate.baseOffset };
    const last = remembered[remembered.length - 1];
    const expected = last === undefined ? 0 : sequenceAfter(last.lastSequence, 1);
    if (known !== undefined && firstSequence !== expected) return refused(OUT_OF_ORDER_SEQUENCE_NUMBER);

    const answer = this.#write(batch);
    const written = { firstSequence, lastSequence, baseOffset: answer.baseOffset };
    this.#producers.set(producerId, { epoch, batches: [...remembered, written].slice(-REMEMBERED_BATCHES) });
    return answer;
  }

  #write(batch: DecodedRecordBatch): AppendAnswer {
    const baseOffset = BigInt(this.#records.length);
    this.#batches.push(batch);
    for (const record of batch.records())
      this.#records.push({ ...record, offset: baseOffset + record.offset });
    return { errorCode: 0, baseOffset };
  }
}

function sequenceAfter(sequence: number, by: number): number {
  return (sequence + by) % SEQUENCES;
}

function refused(errorCode: number): AppendAnswer {
  return { errorCode, baseOffset: -1n };
}
