import type { ProducerSettings } from '../producer/internals/producer-settings';
import type { RecordMetadata } from '../producer/record-metadata';
import type { TraceEvent } from '../trace/trace-event';
import type { ProducerPlan, Schedule } from './schedule';
import type { ReadableLog, LostBatch } from './simulated-cluster';

/** What was seen of one run, from outside the producer: the invariants and the story are made from this alone. */
export interface RunRecord {
  readonly schedule: Schedule;
  readonly startMs: number;
  readonly endMs: number;
  readonly producers: readonly ProducerRecord[];
  readonly logs: readonly PartitionLog[];
  /** Batches that were in a leader's log and are in none any more. */
  readonly lost: readonly LostBatch[];
  /** Of all producers and of the cluster, in the order in which they happened. */
  readonly trace: readonly TracedEvent[];
  /** The schedule's events and faults as they took place. */
  readonly disturbances: readonly Disturbance[];
  /** Exceptions and rejections that would have ended the process. */
  readonly unhandled: readonly Unhandled[];
  /** What the producer told with process.emitWarning(). */
  readonly warnings: readonly string[];
  /** Set if the run was given up: so many turns and timers ran without the time moving on. */
  readonly spinningAtMs: number | null;
}

export interface Disturbance {
  readonly atMs: number;
  readonly order: number;
  /** As coverage calls it. */
  readonly name: string;
  /** Broker id, or null for the whole cluster. */
  readonly node: number | null;
  /** A sentence, or null if the trace tells of it. */
  readonly text: string | null;
}

export interface PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly log: ReadableLog;
}

export interface TracedEvent {
  /** Place in the order in which everything of the run was noted: of events, calls, requests and what was told. */
  readonly order: number;
  /** Index of the producer in the schedule, or null for the cluster. */
  readonly producer: number | null;
  readonly event: TraceEvent;
}

export interface Unhandled {
  readonly atMs: number;
  readonly kind: 'exception' | 'rejection';
  readonly message: string;
}

export interface ProducerRecord {
  readonly index: number;
  readonly plan: ProducerPlan;
  readonly settings: ProducerSettings;
  /** In the order of the calls of send(). */
  readonly records: SentRecord[];
  readonly calls: Call[];
  readonly requests: ObservedRequest[];
  readonly lookups: ObservedLookup[];
  readonly leaderNews: LeaderNews[];
  /** At the end, when nothing was under way any more; null if the producer was closed by then. By group, name and topic. */
  metrics: ReadonlyMap<string, number> | null;
  /** It was never made, or was used up: the constructor threw this. */
  failure: unknown;
}

export type Outcome<T> = { readonly atMs: number; readonly order: number } & (
  { readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: unknown }
);

/** One record of the workload and what was told about it. */
export interface SentRecord {
  /** A, B, C, … over all producers. Its value begins with it, or a header tells it. */
  readonly name: string;
  readonly producer: number;
  /** From 1, in the order of the calls of send(): the number of the record in the trace. */
  readonly number: number;
  /** In the order in which things happened over all producers. */
  readonly order: number;
  readonly calledMs: number;
  readonly topic: string;
  /** As it was given. */
  readonly partition: number | null;
  readonly key: Buffer | null;
  /** As it has to be in the log; null for a tombstone. */
  readonly value: Buffer | null;
  readonly headers: number;
  readonly hasCallback: boolean;
  /** Nobody looked at its promises: `send` and `get` stay null. */
  readonly unseen: boolean;
  /** It was sent by the callback of another record. */
  readonly fromCallback: boolean;
  send: Outcome<true> | null;
  get: Outcome<RecordMetadata> | null;
  readonly callbacks: CallbackCall[];
}

export interface CallbackCall {
  readonly atMs: number;
  readonly order: number;
  readonly metadata: RecordMetadata;
  readonly error: Error | null;
}

/** A call that returned a promise. */
export interface Call {
  readonly what: 'send()' | 'get()' | 'flush()' | 'close()' | 'partitionsFor()';
  readonly producer: number;
  /** Name of the record, for send() and get(). */
  readonly record: string | null;
  readonly order: number;
  readonly calledMs: number;
  /** The run was over, and the simulation closed the producer. */
  readonly isEnding: boolean;
  /** When it has to have settled. */
  readonly limitMs: number;
  /** From which settings `limitMs` is, in words. */
  readonly limit: string;
  settledMs: number | null;
  error: unknown;
}

/** A Produce request, as the network was given it. */
export interface ObservedRequest {
  /** From 1, of this producer. */
  readonly number: number;
  readonly node: number;
  readonly order: number;
  readonly sentMs: number;
  /** Requests to the node that have not settled, this one included. */
  readonly inFlight: number;
  readonly batches: readonly ObservedBatch[];
  settledMs: number | null;
  settledOrder: number;
  /** Error code of each batch, LEFT_OUT if the response left it out; null if there was no response. */
  errorCodes: readonly number[] | null;
  /** Why there was no response. */
  failure: string | null;
}

export interface ObservedBatch {
  readonly topic: string;
  readonly partition: number;
  /** What the producer handed over, copied. */
  readonly bytes: Buffer;
  /** The producer changed the bytes before the request had settled. */
  touched: boolean;
}

/** A response told of a leader, or of an epoch of it, that was not known before. */
export interface LeaderNews {
  readonly atMs: number;
  readonly topic: string;
  readonly partition: number;
}

/** A request for metadata or for a producer id. */
export interface ObservedLookup {
  readonly kind: 'metadata' | 'init-producer-id';
  readonly sentMs: number;
  readonly topics: readonly string[];
  settledMs: number | null;
  settledOrder: number;
  /** Error codes of the response: of each topic with an error, or of the whole. */
  errorCodes: readonly number[];
  failure: string | null;
}
