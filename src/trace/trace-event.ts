/**
 * What happened inside a producer, and on the brokers that it writes to: one event per stage, in the order of the seven
 * steps of a record's walk. Notebooks, graders, charts, metrics, the simulation and the player all read these same events.
 * A producer without a listener makes none.
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

/** Number of the request in its producer, from 1, in the order in which requests were sent. */
export interface RequestEvent extends TraceEventBase {
  readonly request: number;
  /** Broker id. */
  readonly node: number;
  /** Requests to this broker without a response, this event included. */
  readonly inFlight: number;
}

/** What one partition's leader holds of an idempotent producer's batch. */
export interface ProducerStampFields {
  /** -1n, with epoch and sequence -1, for a batch that is not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/** Steps of one record. */
export type RecordTraceEvent =
  | (RecordEvent & { readonly stage: 'send' })
  | (RecordEvent & { readonly stage: 'intercepted' })
  | (RecordEvent & { readonly stage: 'serialized'; readonly keySize: number; readonly valueSize: number })
  | (RecordEvent & {
      readonly stage: 'partitioned';
      readonly partition: number;
      readonly by: 'record' | 'key' | 'partitioner' | 'sticky';
    })
  /** `send()` cannot go on yet: it waits for metadata of its topic, or for `buffer.memory`. */
  | (RecordEvent & { readonly stage: 'waiting'; readonly for: 'metadata' | 'memory' })
  | (RecordEvent & {
      readonly stage: 'appended';
      readonly partition: number;
      readonly batch: number;
      /** Place in the batch, from 0. */
      readonly index: number;
      readonly batchSizeInBytes: number;
    })
  /** `send()` failed: the record is in no batch. */
  | (RecordEvent & { readonly stage: 'rejected'; readonly error: string })
  /** The record's callback ran, or would have run if it had one. */
  | (RecordEvent & {
      readonly stage: 'completed';
      readonly partition: number;
      readonly batch: number;
      readonly offset: bigint | null;
      readonly error: string | null;
    });

/** Steps of one batch. */
export type BatchTraceEvent =
  | (BatchEvent & {
      readonly stage: 'batch-opened';
      /** Taken from `buffer.memory`; 0 for a piece of a batch that was split. */
      readonly allocatedBytes: number;
      /** The batch takes no further record from this size on: `batch.size`, or more for one large record. */
      readonly writeLimit: number;
    })
  | (BatchEvent &
      ProducerStampFields & {
        readonly stage: 'batch-drained';
        /** `along`: for no reason of its own, but its broker was getting a request anyway. */
        readonly reason: 'full' | 'linger' | 'memory' | 'flush' | 'close' | 'retry' | 'along';
        readonly records: number;
        readonly sizeInBytes: number;
        readonly uncompressedSizeInBytes: number;
        /** How often it was sent before. */
        readonly attempt: number;
      })
  | (BatchEvent & {
      readonly stage: 'batch-completed';
      readonly baseOffset: bigint | null;
      readonly duplicate: boolean;
    })
  | (BatchEvent & {
      readonly stage: 'batch-retried';
      readonly error: string;
      readonly attempt: number;
      readonly backoffMs: number;
    })
  | (BatchEvent & {
      readonly stage: 'batch-split';
      readonly into: number;
      /** Numbers of the new batches, in order. */
      readonly pieces: readonly number[];
    })
  | (BatchEvent & {
      readonly stage: 'batch-failed';
      readonly error: string;
      /** `unsent`: its broker refuses the credentials or the TLS handshake; `aborted`: the producer was closed, or failed. */
      readonly reason: 'refused' | 'expired' | 'unsent' | 'aborted';
    });

/** What concerns the producer as a whole. */
export type ProducerTraceEvent =
  | (TraceEventBase & { readonly stage: 'memory'; readonly availableBytes: number; readonly waiting: number })
  | (RequestEvent & {
      readonly stage: 'request-sent';
      /** Numbers of the batches in it. */
      readonly batches: readonly number[];
      readonly sizeInBytes: number;
    })
  /** `error`: why there is no response; null for any response, also one that refuses batches. */
  | (RequestEvent & { readonly stage: 'response'; readonly error: string | null })
  | (TraceEventBase & {
      readonly stage: 'producer-id';
      readonly producerId: bigint;
      readonly producerEpoch: number;
      /** `assigned` by a broker, or the epoch `bumped` by the producer itself. */
      readonly reason: 'assigned' | 'bumped';
    })
  /** The producer learnt where the partitions of a topic are: `leaders` by partition, -1 for none. */
  | (TraceEventBase & {
      readonly stage: 'metadata';
      readonly topic: string;
      readonly leaders: readonly number[];
    })
  | (TraceEventBase & { readonly stage: 'flush'; readonly phase: 'begin' | 'end' })
  | (TraceEventBase & { readonly stage: 'close'; readonly phase: 'begin' | 'end' });

/** What happened on the brokers. The simulation reports these; on a real broker they are read back from the log. */
export type ClusterTraceEvent =
  | (TraceEventBase &
      ProducerStampFields & {
        readonly stage: 'log-appended';
        readonly node: number;
        readonly topic: string;
        readonly partition: number;
        readonly baseOffset: bigint;
        readonly records: number;
      })
  /** The leader did not append: it knew the batch already (`DUPLICATE`), or refused it with this error. */
  | (TraceEventBase &
      ProducerStampFields & {
        readonly stage: 'log-refused';
        readonly node: number;
        readonly topic: string;
        readonly partition: number;
        readonly error: string;
      })
  | (TraceEventBase & {
      readonly stage: 'fault';
      /** Broker id, or null for the whole cluster. */
      readonly node: number | null;
      /** In plain words: "the response to request 3 was lost". */
      readonly what: string;
    })
  | (TraceEventBase & {
      readonly stage: 'leader-changed';
      readonly topic: string;
      readonly partition: number;
      readonly leader: number;
    })
  | (TraceEventBase & {
      readonly stage: 'broker-state';
      readonly node: number;
      readonly state: 'started' | 'stopped';
    });

export type TraceEvent = RecordTraceEvent | BatchTraceEvent | ProducerTraceEvent | ClusterTraceEvent;

export type TraceListener = (event: TraceEvent) => void;
