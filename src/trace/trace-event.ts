/**
 * What happened inside a producer: one event per stage, in the order of the seven steps of a record's walk.
 * Notebooks, graders, charts and metrics all read these same events. A producer without a listener makes none.
 */

export interface TraceEventBase {
  /** Milliseconds, from the producer's clock with the resolution of performance.now() where there is one. */
  readonly atMs: number;
}

/** Number of the record in its producer, from 1, in the order of send(). */
export interface RecordEvent extends TraceEventBase {
  readonly record: number;
  readonly topic: string;
}

/** Number of the batch in its producer, from 1, in the order in which batches were opened. */
export interface BatchEvent extends TraceEventBase {
  readonly batch: number;
  readonly topic: string;
  readonly partition: number;
}

export type TraceEvent =
  | (RecordEvent & { readonly stage: 'send' })
  | (RecordEvent & { readonly stage: 'intercepted' })
  | (RecordEvent & { readonly stage: 'serialized'; readonly keySize: number; readonly valueSize: number })
  | (RecordEvent & {
      readonly stage: 'partitioned';
      readonly partition: number;
      readonly by: 'record' | 'key' | 'partitioner' | 'sticky';
    })
  | (RecordEvent & {
      readonly stage: 'appended';
      readonly partition: number;
      readonly batch: number;
      /** Place in the batch, from 0. */
      readonly index: number;
      readonly batchSizeInBytes: number;
    })
  | (RecordEvent & { readonly stage: 'rejected'; readonly error: string })
  | (RecordEvent & {
      readonly stage: 'completed';
      readonly partition: number;
      readonly batch: number;
      readonly offset: bigint | null;
      readonly error: string | null;
    })
  | (TraceEventBase & { readonly stage: 'memory'; readonly availableBytes: number; readonly waiting: number })
  | (BatchEvent & { readonly stage: 'batch-opened'; readonly allocatedBytes: number })
  | (BatchEvent & {
      readonly stage: 'batch-drained';
      /** `along`: for none of its own, but its broker was getting a request anyway. */
      readonly reason: 'full' | 'linger' | 'memory' | 'flush' | 'close' | 'retry' | 'along';
      readonly records: number;
      readonly sizeInBytes: number;
      readonly uncompressedSizeInBytes: number;
      readonly producerId: bigint;
      readonly producerEpoch: number;
      readonly baseSequence: number;
      readonly attempt: number;
    })
  | (TraceEventBase & {
      readonly stage: 'request-sent';
      readonly request: number;
      readonly node: number;
      readonly batches: readonly number[];
      readonly sizeInBytes: number;
      readonly inFlight: number;
    })
  | (TraceEventBase & {
      readonly stage: 'response';
      readonly request: number;
      readonly node: number;
      readonly error: string | null;
      readonly inFlight: number;
    })
  | (BatchEvent & {
      readonly stage: 'batch-completed';
      readonly baseOffset: bigint | null;
      readonly duplicate: boolean;
    })
  | (BatchEvent & { readonly stage: 'batch-retried'; readonly error: string; readonly attempt: number })
  | (BatchEvent & { readonly stage: 'batch-split'; readonly into: number })
  | (BatchEvent & { readonly stage: 'batch-failed'; readonly error: string })
  | (TraceEventBase & {
      readonly stage: 'producer-id';
      readonly producerId: bigint;
      readonly producerEpoch: number;
    });

export type TraceListener = (event: TraceEvent) => void;
