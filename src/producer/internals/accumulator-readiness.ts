import type { AccumulatorState, IsSendable } from '../producer-parts';
import type { AccumulatorQueues, TopicQueues } from './accumulator-queues';
import type { ProducerMetadata } from './metadata';
import { NodeLatencyStats } from './node-latency-stats';
import type { PartitionQueue } from './partition-queue';
import type { ProducerBatch } from './producer-batch';

export interface ReadyCheckResult {
  readonly readyNodes: Set<number>;
  /** When, at the latest, to look again. */
  readonly nextReadyCheckDelayMs: number;
  readonly unknownLeaderTopics: Set<string>;
}

export interface AccumulatorReadinessOptions {
  readonly queues: AccumulatorQueues;
  readonly metadata: ProducerMetadata;
  readonly isSendable: IsSendable;
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly adaptivePartitioning: boolean;
  readonly partitionAvailabilityTimeoutMs: number;
}

/** What goes on in the producer. */
export type Situation = Pick<AccumulatorState, 'waitingForMemory' | 'flushing' | 'closed'>;

type MutableAccumulatorState = { -readonly [K in keyof AccumulatorState]: AccumulatorState[K] };

/** Looks through the queues for batches that may go, and tells the partitioners how long the queues are. */
export class AccumulatorReadiness {
  readonly nodeStats = new NodeLatencyStats();
  readonly #options: AccumulatorReadinessOptions;

  constructor(options: AccumulatorReadinessOptions) {
    this.#options = options;
  }

  /** Which brokers have something to be sent to them now, and when to ask again. */
  ready(nowMs: number, situation: Situation): ReadyCheckResult {
    const readyNodes = new Set<number>();
    const unknownLeaderTopics = new Set<string>();
    let nextReadyCheckDelayMs = Number.MAX_SAFE_INTEGER;
    const state = this.#state(situation);
    for (const topic of this.#options.queues.topics()) {
      for (const queue of topic.queues) {
        const batch = queue?.first;
        if (queue === undefined || batch === undefined) continue;
        const leader = this.#options.metadata.leaderOf(queue.topic, queue.partition);
        if (leader === null) {
          unknownLeaderTopics.add(queue.topic);
          continue;
        }
        batch.updateLeaderEpoch(leader.leaderEpoch);
        if (queue.muted) continue;
        // Also where the node is ready because of another partition: if that one cannot be sent after all, this partition's
        // delay is what the sender has to wake up for.
        if (this.#isReady(batch, queue, state, nowMs)) readyNodes.add(leader.leader);
        else nextReadyCheckDelayMs = Math.min(nextReadyCheckDelayMs, this.#timeLeftMs(batch, nowMs));
      }
      if (this.#options.adaptivePartitioning) this.#updateLoadStats(topic);
    }
    return { readyNodes, nextReadyCheckDelayMs, unknownLeaderTopics };
  }

  #isReady(
    batch: ProducerBatch,
    queue: PartitionQueue,
    state: MutableAccumulatorState,
    nowMs: number,
  ): boolean {
    state.muted = queue.muted;
    state.retryBackoffMs = backoffOf(batch);
    // A batch that one large record was given to itself is full at its own size, not at batch.size (E-06).
    state.batchSize = batch.writeLimit;
    return this.#options.isSendable(batch, state, nowMs);
  }

  #timeLeftMs(batch: ProducerBatch, nowMs: number): number {
    const waitedMs = Math.max(0, nowMs - batch.lastAttemptMs);
    const toWaitMs = isBackingOff(batch, nowMs) ? backoffOf(batch) : this.#options.lingerMs;
    // At least 1 ms: a rule from outside may hold back a batch whose time has come, and must not keep the sender spinning.
    return Math.max(toWaitMs - waitedMs, 1);
  }

  #state({ waitingForMemory, flushing, closed }: Situation): MutableAccumulatorState {
    return {
      batchSize: this.#options.batchSize,
      lingerMs: this.#options.lingerMs,
      retryBackoffMs: 0,
      waitingForMemory,
      flushing,
      closed,
      muted: false,
    };
  }

  /** Tells the partitioner how long the queues are, once every partition of the topic has one (B-15 to B-17). */
  #updateLoadStats(topic: TopicQueues): void {
    const { metadata, partitionAvailabilityTimeoutMs } = this.#options;
    const partitionCount = metadata.cluster.partitionsForTopic(topic.topic).length;
    let known = 0;
    const sizes: number[] = [];
    const partitions: number[] = [];
    for (const queue of topic.queues) {
      if (queue === undefined) continue;
      known++;
      const leader = metadata.leaderOf(queue.topic, queue.partition);
      if (leader === null || this.nodeStats.lagMs(leader.leader) > partitionAvailabilityTimeoutMs) continue;
      sizes.push(queue.length);
      partitions.push(queue.partition);
    }
    if (known < partitionCount || known < 2) topic.partitioner.clearLoadStats();
    else topic.partitioner.updateLoadStats(sizes, partitions, sizes.length < known);
  }
}

/** None when the leader has changed: the backoff is for the sake of the old one. */
function backoffOf(batch: ProducerBatch): number {
  return batch.leaderChangedForThisRetry ? 0 : batch.retryBackoffMs;
}

export function isBackingOff(batch: ProducerBatch, nowMs: number): boolean {
  return batch.attempts > 0 && nowMs - batch.lastAttemptMs < backoffOf(batch);
}
