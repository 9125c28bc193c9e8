import type { ProducerConfig } from '../producer/producer-config-values';
import type { RequestKind, SimulatedFault } from './simulated-request';

/**
 * Everything that one run of the simulation depends on, as plain data: the same schedule gives the same run. What is left out
 * has the value that the comment names, so that a shrunk schedule lists only what matters.
 */
export interface Schedule {
  /** For whatever is left to chance: partitions, the jitter of backoffs, latencies, the order of what happens at once. */
  readonly seed: number;
  /** 1 to 3; their ids are 1, 2, 3. */
  readonly brokers: number;
  readonly topics: readonly TopicPlan[];
  readonly producers: readonly ProducerPlan[];
  readonly events: readonly ClusterEvent[];
  readonly faults: readonly RequestFault[];
  readonly network: NetworkPlan;
}

/** Milliseconds. A latency is drawn between `minMs` and `maxMs` for each request. */
export interface NetworkPlan {
  readonly minMs: number;
  readonly maxMs: number;
  /** Until followers have what their leader has appended. Default 0. */
  readonly replicationMs?: number;
  /** Until a broker tells clients of a change of the cluster. Default 0. */
  readonly metadataDelayMs?: number;
  /** Until the partitions of a stopped broker get other leaders. Default 0. */
  readonly failoverMs?: number;
}

export interface TopicPlan {
  readonly name: TopicName;
  readonly partitions: number;
  /** Topic configs by their dotted names. */
  readonly config?: Readonly<Record<string, string>>;
  /** It does not exist before. Default: from the beginning. */
  readonly createdAtMs?: number;
}

/** `missing` is never created. */
export type TopicName = 'orders' | 'payments' | 'missing';

/** One producer and the code that uses it: its steps, one after the other. */
export interface ProducerPlan {
  readonly config: ProducerConfig;
  readonly steps: readonly Step[];
  /** Begins when the producer before it in the list has run all its steps, as a restarted process would. Default: at once. */
  readonly afterPrevious?: boolean;
  readonly parts?: UserParts;
  /** How long each look of the producer at the time of its turn seems to take, in ms. Default 0. */
  readonly turnCostMs?: number;
  /** Nobody listens to the trace, which takes other ways through the producer. Default false. */
  readonly untraced?: boolean;
}

export type Step = SendStep | PauseStep | FlushStep | CloseStep | PartitionsStep;

/** One record or several alike, in a row. */
export interface SendStep {
  readonly do: 'send';
  readonly count: number;
  /** Default: the first topic of the schedule. */
  readonly topic?: TopicName;
  /** A number, `each` for record i to partition i modulo their count. Default: not given. */
  readonly partition?: number | 'each';
  /** Default: no key. */
  readonly key?: 'same' | 'each' | 'empty';
  /**
   * Bytes of the value; `null` is a tombstone, `mixed` is another size for each record, `rejected` is a value that the serializer
   * throws for. Default 10.
   */
  readonly value?: number | null | 'mixed' | 'rejected' | 'not-bytes';
  /** The bytes of the value do not compress. Default false. */
  readonly noise?: boolean;
  readonly headers?: number;
  /** `old` and `future` are out of what a topic with timestamp limits takes. Default: the producer's time. */
  readonly timestamp?: 'own' | 'old' | 'future';
  /** What the code awaits before the next record: nothing, send(), or get() as well. Default: nothing. */
  readonly wait?: 'send' | 'get';
  /** Nobody looks at what becomes of send() and get(). Default false. */
  readonly unseen?: boolean;
  /** Default: none. */
  readonly callback?: CallbackKind;
}

export type CallbackKind = 'plain' | 'throws' | 'rejects' | 'sends' | 'flushes' | 'closes';

export interface PauseStep {
  readonly do: 'pause';
  readonly ms: number;
}

export interface FlushStep {
  readonly do: 'flush';
  /** Default false. */
  readonly unawaited?: boolean;
}

export interface CloseStep {
  readonly do: 'close';
  /** Default: none given. */
  readonly timeoutMs?: number;
  /** Default false. */
  readonly unawaited?: boolean;
}

export interface PartitionsStep {
  readonly do: 'partitions-for';
  readonly topic?: TopicName;
}

/** Code of the user inside the producer. What is left out is the producer's own, or well behaved. */
export interface UserParts {
  readonly interceptor?: 'plain' | 'throws' | 'throws-on-acknowledgement' | 'moves' | 'returns-null';
  /** The value serializer writes every value into the same buffer, which the interface allows. */
  readonly reusesBuffer?: boolean;
  readonly partitioner?: 'round-robin' | 'throws' | 'out-of-range';
  readonly bufferPool?: 'fair' | 'deallocate-throws' | 'allocate-throws' | 'allocate-rejects';
  readonly isSendable?: 'throws' | 'never' | 'always' | 'no-boolean';
  readonly sequenceTracker?: 'right' | 'throws' | 'same-number' | 'gaps' | 'foreign-id';
  readonly traceThrows?: boolean;
}

/** What is done to the cluster at a time. `forMs` later it is undone. */
export type ClusterEvent = { readonly atMs: number } & ClusterAction;

export type ClusterAction =
  | { readonly kind: 'stop-broker'; readonly node: number; readonly forMs: number }
  | {
      readonly kind: 'move-leader';
      readonly topic: TopicName;
      readonly partition: number;
      readonly node: number;
    }
  | { readonly kind: 'pause-replication'; readonly node: number; readonly forMs: number }
  | { readonly kind: 'close-connections'; readonly node: number }
  | { readonly kind: 'add-partitions'; readonly topic: TopicName; readonly partitions: number }
  | { readonly kind: 'recreate-topic'; readonly topic: TopicName; readonly forMs: number }
  | { readonly kind: 'revoke-credentials'; readonly forMs: number }
  | { readonly kind: 'refuse-certificate'; readonly forMs: number }
  | { readonly kind: 'revoke-write'; readonly topic: TopicName; readonly forMs: number }
  | { readonly kind: 'revoke-idempotent-write'; readonly forMs: number }
  | { readonly kind: 'throttle'; readonly throttleMs: number; readonly forMs: number }
  | { readonly kind: 'forget-producer-ids' };

/** Something that goes wrong with `times` requests of one kind, from the `nth` on (from 1, over all producers). */
export interface RequestFault {
  readonly request: RequestKind;
  readonly nth: number;
  readonly times: number;
  readonly fault: SimulatedFault;
}
