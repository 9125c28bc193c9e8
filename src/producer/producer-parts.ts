/** What an accumulator knows of one batch when it decides whether to hand it to the sender. Times in ms, sizes in bytes. */
export interface BatchState {
  readonly createdMs: number;
  /** `createdMs` before the first attempt: waiting counts from here. */
  readonly lastAttemptMs: number;
  /** How often the batch was sent so far: 0 for a new one. */
  readonly attempts: number;
  readonly sizeInBytes: number;
  /** It can take no further record: the next one did not fit, or it was sent before. */
  readonly closed: boolean;
}

/** What surrounds that batch: the settings, and what goes on in the producer. */
export interface AccumulatorState {
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly retryBackoffMs: number;
  /** A `send()` waits for a piece of `buffer.memory`. */
  readonly waitingForMemory: boolean;
  /** A `flush()` is under way. */
  readonly flushing: boolean;
  readonly closed: boolean;
  /** The batch's partition has a batch in flight, and order must be kept: nothing of it goes out before the answer. */
  readonly muted: boolean;
}

/** Whether a batch may go to the broker now: the rule of `RecordAccumulator.batchReady`. */
export type IsSendable = (batch: BatchState, accumulator: AccumulatorState, nowMs: number) => boolean;

/** `buffer.memory`, given out in the order in which it was asked for. Sizes in bytes. */
export interface MemoryPool {
  /**
   * Resolves once `size` bytes belong to the caller. Rejects with a TimeoutError when that took longer than `maxBlockMs`,
   * and with a RangeError when the whole pool is smaller.
   */
  allocate(size: number, maxBlockMs: number): Promise<void>;
  deallocate(size: number): void;
  readonly availableMemory: number;
  /** How many wait for memory. */
  readonly queued: number;
}

/** What an idempotent producer writes into the header of a batch. */
export interface ProducerStamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/** Numbers the records of one producer id, for each partition on its own. */
export interface SequenceStamper {
  stamp(partition: number, recordCount: number): ProducerStamp;
  /** From here on the next epoch: every partition starts again. */
  bumpEpoch(): void;
}

/** Parts of the producer that can be replaced: what exercises 04, 05 and 10 build runs inside the real one. */
export interface ProducerParts {
  readonly isSendable?: IsSendable;
  readonly bufferPool?: MemoryPool;
  /** A class, since the broker gives out the producer id later. Partitions are numbers: for producers that write to one topic. */
  readonly sequenceTracker?: new (producerId: bigint, epoch: number) => SequenceStamper;
}
