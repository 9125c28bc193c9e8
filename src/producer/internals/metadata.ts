import type { ClusterMetadata, TopicMetadata } from '../../protocol/messages';
import type { Clock } from '../../support/clock';
import { InvalidTopicError, KafkaError, TimeoutError, TopicAuthorizationError } from '../../protocol/errors';
import type { Cluster, ClusterPartition } from '../partitioner';
import type { ExponentialBackoff } from './exponential-backoff';

const UNKNOWN_TOPIC_OR_PARTITION = 3;
const INVALID_TOPIC_EXCEPTION = 17;
const TOPIC_AUTHORIZATION_FAILED = 29;

export interface PartitionLeader {
  readonly leader: number;
  readonly leaderEpoch: number;
}

export interface PartitionInfo extends ClusterPartition, PartitionLeader {
  readonly topic: string;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
}

export interface ProducerMetadataOptions {
  readonly clock: Clock;
  readonly maxAgeMs: number;
  readonly maxIdleMs: number;
  readonly backoff: ExponentialBackoff;
  /** New metadata are wanted: the sender should look. */
  readonly onUpdateRequested: () => void;
}

interface TopicState {
  readonly partitions: readonly PartitionInfo[];
  readonly available: readonly PartitionInfo[];
}

interface Waiter {
  readonly topic: string;
  readonly isSatisfied: () => boolean;
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

const NO_PARTITIONS: readonly PartitionInfo[] = Object.freeze([]);

/**
 * Which topics this producer writes to, and where their partitions are: Java's ProducerMetadata. It fetches nothing itself:
 * the sender asks `timeToNextUpdateMs()` and hands in what the cluster answered.
 */
export class ProducerMetadata {
  readonly #options: ProducerMetadataOptions;
  /** Topics in use, each with the time when it will be forgotten unless it is used again. */
  readonly #expiryMs = new Map<string, number>();
  readonly #topics = new Map<string, TopicState>();
  readonly #errors = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  #byNode = new Map<number, PartitionInfo[]>();
  #updateRequested = true;
  #lastRefreshMs: number | null = null;
  #lastSuccessMs: number | null = null;
  #failedAttempts = 0;
  #backoffMs = 0;
  #closed = false;

  /** What partitioners see. */
  readonly cluster: Cluster;

  constructor(options: ProducerMetadataOptions) {
    this.#options = options;
    this.cluster = {
      partitionsForTopic: (topic) => this.#topics.get(topic)?.partitions ?? NO_PARTITIONS,
      availablePartitionsForTopic: (topic) => this.#topics.get(topic)?.available ?? NO_PARTITIONS,
    };
  }

  /** How many partitions are known; 0 while the topic is not. Marks the topic as used. */
  partitionCount(topic: string): number {
    const state = this.#topics.get(topic);
    return state === undefined ? 0 : state.partitions.length;
  }

  /** Keeps the topic among those asked for, and asks for new ones soon. */
  add(topic: string, nowMs: number): void {
    const isNew = !this.#expiryMs.has(topic);
    this.#expiryMs.set(topic, nowMs + this.#options.maxIdleMs);
    if (isNew) this.requestUpdate();
  }

  get topics(): readonly string[] {
    return [...this.#expiryMs.keys()];
  }

  partitionsOf(topic: string): readonly PartitionInfo[] {
    return this.#topics.get(topic)?.partitions ?? NO_PARTITIONS;
  }

  leaderOf(topic: string, partition: number): PartitionLeader | null {
    const info = this.#topics.get(topic)?.partitions[partition];
    return info === undefined || info.leader === -1 ? null : info;
  }

  /** In a fixed order, so that drain can go on where it stopped. */
  partitionsOfNode(nodeId: number): readonly PartitionInfo[] {
    return this.#byNode.get(nodeId) ?? NO_PARTITIONS;
  }

  get invalidTopics(): readonly string[] {
    return [...this.#errors].filter(([, code]) => code === INVALID_TOPIC_EXCEPTION).map(([topic]) => topic);
  }

  /** Milliseconds since the last answer, or NaN before the first. */
  ageMs(nowMs: number): number {
    return this.#lastSuccessMs === null ? NaN : nowMs - this.#lastSuccessMs;
  }

  requestUpdate(): void {
    this.#updateRequested = true;
    this.#options.onUpdateRequested();
  }

  get updateRequested(): boolean {
    return this.#updateRequested;
  }

  /** 0 when the cluster should be asked now: wanted or too old, and not too soon after the last time. */
  timeToNextUpdateMs(nowMs: number): number {
    if (this.#lastRefreshMs === null) return 0;
    const sinceMs = nowMs - this.#lastRefreshMs;
    const toBackoffMs = Math.max(0, this.#backoffMs - sinceMs);
    const toExpiryMs = this.#updateRequested
      ? 0
      : Math.max(0, (this.#lastSuccessMs ?? -Infinity) + this.#options.maxAgeMs - nowMs);
    return Math.max(toBackoffMs, toExpiryMs);
  }

  /**
   * Waits until the topic is known, and this partition of it if one is given; asks for metadata again and again meanwhile.
   * Rejects with a TimeoutError after `maxBlockMs`, or with what the cluster has against the topic.
   */
  awaitTopic(topic: string, partition: number | null, maxBlockMs: number): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    const isSatisfied = () => this.partitionCount(topic) > (partition ?? 0);
    this.add(topic, this.#options.clock.now());
    if (isSatisfied()) return Promise.resolve();
    this.requestUpdate();
    return new Promise((resolve, reject) => {
      const settle = (action: () => void) => {
        cancel();
        this.#waiters.delete(waiter);
        action();
      };
      const waiter: Waiter = {
        topic,
        isSatisfied,
        succeed: () => settle(resolve),
        fail: (error) => settle(() => reject(error)),
      };
      this.#waiters.add(waiter);
      const cancel = this.#options.clock.after(maxBlockMs, () =>
        waiter.fail(this.#timeout(topic, partition, maxBlockMs)),
      );
    });
  }

  /** Somebody waits for a topic: newcomers queue up behind, so that records keep the order of send(). */
  isAwaited(topic: string): boolean {
    if (this.#waiters.size === 0) return false;
    for (const waiter of this.#waiters) if (waiter.topic === topic) return true;
    return false;
  }

  /** Takes in an answer of the cluster. */
  update(answer: ClusterMetadata, nowMs: number): void {
    this.#lastRefreshMs = this.#lastSuccessMs = nowMs;
    this.#updateRequested = false;
    this.#failedAttempts = 0;
    this.#forgetIdleTopics(nowMs);
    for (const topic of answer.topics) this.#updateTopic(topic);
    this.#indexByNode();
    // Without this pause, a topic that is slow to appear would be asked for as fast as the cluster answers.
    this.#backoffMs = this.#options.backoff.backoffMs(0);
    this.#settleWaiters();
  }

  /** No answer. The next attempt comes after a backoff that grows. */
  updateFailed(nowMs: number): void {
    this.#lastRefreshMs = nowMs;
    this.#backoffMs = this.#options.backoff.backoffMs(this.#failedAttempts++);
    this.#updateRequested = true;
  }

  /** What cannot be mended by asking again, such as refused credentials: those who wait hear of it. */
  fail(error: Error, nowMs: number): void {
    this.updateFailed(nowMs);
    for (const waiter of [...this.#waiters]) waiter.fail(error);
  }

  close(): void {
    this.#closed = true;
    for (const waiter of [...this.#waiters]) waiter.fail(closedError());
  }

  #updateTopic(topic: TopicMetadata): void {
    if (!this.#expiryMs.has(topic.topic)) return;
    if (topic.errorCode !== 0) this.#errors.set(topic.topic, topic.errorCode);
    else this.#errors.delete(topic.topic);
    // A topic that is unknown for a moment, say on a broker that is starting, keeps what is known of it.
    if (topic.partitions.length === 0) {
      if (topic.errorCode === UNKNOWN_TOPIC_OR_PARTITION) this.#forgetLeaderEpochs(topic.topic);
      return;
    }
    const known = this.#topics.get(topic.topic)?.partitions ?? NO_PARTITIONS;
    const partitions: PartitionInfo[] = [];
    for (const partition of topic.partitions) {
      const before = known[partition.partition];
      // An answer of a broker that lags behind must not undo what is known already (E-24).
      const isOlder =
        before !== undefined && partition.leaderEpoch !== -1 && partition.leaderEpoch < before.leaderEpoch;
      partitions[partition.partition] = isOlder ? before : { topic: topic.topic, ...partition };
    }
    this.#setPartitions(topic.topic, partitions);
  }

  /** It may have been deleted and be made anew, and then its leader epochs begin at 0 again. */
  #forgetLeaderEpochs(topic: string): void {
    const known = this.#topics.get(topic)?.partitions;
    if (known === undefined) return;
    const partitions = known.map((partition) => ({ ...partition, leaderEpoch: -1 }));
    this.#setPartitions(topic, partitions);
  }

  #setPartitions(topic: string, partitions: readonly PartitionInfo[]): void {
    const available = partitions.filter(({ leader }) => leader !== -1);
    this.#topics.set(topic, { partitions, available });
  }

  #forgetIdleTopics(nowMs: number): void {
    for (const [topic, expiryMs] of this.#expiryMs) {
      if (nowMs < expiryMs) continue;
      this.#expiryMs.delete(topic);
      this.#topics.delete(topic);
      this.#errors.delete(topic);
    }
  }

  #indexByNode(): void {
    this.#byNode = new Map();
    for (const { available } of this.#topics.values()) {
      for (const partition of available) {
        const ofNode = this.#byNode.get(partition.leader);
        if (ofNode === undefined) this.#byNode.set(partition.leader, [partition]);
        else ofNode.push(partition);
      }
    }
  }

  #settleWaiters(): void {
    for (const waiter of [...this.#waiters]) {
      const error = this.#topicError(waiter.topic);
      if (error !== null) waiter.fail(error);
      else if (waiter.isSatisfied()) waiter.succeed();
      else this.requestUpdate();
    }
  }

  #topicError(topic: string): Error | null {
    const code = this.#errors.get(topic);
    if (code === INVALID_TOPIC_EXCEPTION) {
      return new InvalidTopicError(
        `${JSON.stringify(topic)} is not a legal topic name: letters, digits, dots, underscores and hyphens, at most 249.`,
      );
    }
    if (code === TOPIC_AUTHORIZATION_FAILED) {
      return new TopicAuthorizationError(`This client is not allowed to write to topic ${topic}.`);
    }
    return null;
  }

  #timeout(topic: string, partition: number | null, maxBlockMs: number): TimeoutError {
    const count = this.partitionCount(topic);
    if (partition !== null && count > 0) {
      return new TimeoutError(
        `Partition ${partition} of topic ${topic} did not appear within ${maxBlockMs} ms (max.block.ms): ` +
          `the topic has ${count} partitions, 0 to ${count - 1}.`,
      );
    }
    return new TimeoutError(
      `Topic ${topic} not present in metadata after ${maxBlockMs} ms (max.block.ms): ` +
        'create it first, and see that bootstrap.servers can be reached.',
    );
  }
}

function closedError(): KafkaError {
  return new KafkaError('The producer was closed while metadata were waited for.');
}
