import type { ClusterMetadata, TopicMetadata } from '../../protocol/messages';
import { ERROR_CODE } from '../../protocol/error-code';
import { errorCodeName } from '../../protocol/error-codes';
import type { TraceListener } from '../../trace/trace-event';
import type { Clock } from '../../support/clock';
import { InvalidTopicError, KafkaError, TimeoutError, TopicAuthorizationError } from '../../protocol/errors';
import type { Cluster, ClusterPartition } from '../partitioner';
import type { ExponentialBackoff } from './exponential-backoff';

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
  /** The shortest pause after a request without a response, in ms: no connection can be made sooner (`reconnect.backoff.ms`). */
  readonly pauseAfterFailureMs: number;
  /** New metadata are wanted: the sender should look. */
  readonly onUpdateRequested: () => void;
  readonly trace: TraceListener | null;
}

/** A metadata request under way. */
export interface MetadataRequest {
  readonly topics: readonly string[];
  /** Of the wish for an update that the request serves. */
  readonly version: number;
}

interface TopicState {
  /** Changes when the topic is deleted and created again. null when the broker did not say. */
  readonly topicId: string | null;
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
 * Which topics this producer writes to, and where their partitions are: Java's ProducerMetadata. It fetches nothing itself: the
 * sender asks `timeToNextUpdateMs()`, calls `startUpdate()`, and hands in the response.
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
  /** Counts the wishes for an update: a response serves those that came before its request. */
  #requestVersion = 0;
  #lastRefreshMs: number | null = null;
  #lastSuccessMs: number | null = null;
  #failedAttempts = 0;
  #equalResponses = 0;
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
    if (!isNew) return;
    // A new topic is no sign of trouble: its metadata is requested without a backoff, unless the last request failed.
    if (this.#failedAttempts === 0) this.#backoffMs = 0;
    this.#equalResponses = 0;
    this.requestUpdate();
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
    return [...this.#errors]
      .filter(([, code]) => code === ERROR_CODE.INVALID_TOPIC_EXCEPTION)
      .map(([topic]) => topic);
  }

  /** Milliseconds since the last response, or NaN before the first. */
  ageMs(nowMs: number): number {
    return this.#lastSuccessMs === null ? NaN : nowMs - this.#lastSuccessMs;
  }

  requestUpdate(): void {
    this.#updateRequested = true;
    this.#requestVersion++;
    this.#options.onUpdateRequested();
  }

  /** The request to send now. Its response goes to `update()`. */
  startUpdate(): MetadataRequest {
    return { topics: this.topics, version: this.#requestVersion };
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

  /** Takes in a response of the cluster. Returns the topics that were deleted and created again since the last one. */
  update(response: ClusterMetadata, nowMs: number, request = this.startUpdate()): readonly string[] {
    this.#lastRefreshMs = this.#lastSuccessMs = nowMs;
    // What was wanted while the request was under way is not served by its response.
    this.#updateRequested = request.version !== this.#requestVersion;
    this.#failedAttempts = 0;
    this.#forgetIdleTopics(nowMs);
    const recreated = response.topics.filter((topic) => this.#isRecreated(topic)).map(({ topic }) => topic);
    let isProgress = false;
    for (const topic of response.topics) if (this.#updateTopic(topic, recreated)) isProgress = true;
    this.#indexByNode();
    this.#setBackoff(isProgress, request);
    this.#settleWaiters();
    return recreated;
  }

  /** A broker that refused a batch said who leads its partition now (KIP-951). */
  updateLeader(topic: string, partition: number, { leader, leaderEpoch }: PartitionLeader): void {
    const state = this.#topics.get(topic);
    const known = state?.partitions[partition];
    if (state === undefined || known === undefined || leader < 0 || leaderEpoch <= known.leaderEpoch) return;
    const partitions = state.partitions.map((info) =>
      info === known ? { ...info, leader, leaderEpoch } : info,
    );
    this.#setPartitions(topic, state.topicId, partitions);
    this.#indexByNode();
  }

  /** No response. The next attempt comes after a backoff that grows. */
  updateFailed(nowMs: number): void {
    this.#lastRefreshMs = nowMs;
    const backoffMs = this.#options.backoff.backoffMs(this.#failedAttempts++);
    this.#backoffMs = Math.max(backoffMs, this.#options.pauseAfterFailureMs);
    this.#updateRequested = true;
  }

  /** An error that a retry cannot fix, such as refused credentials: rejects all waiters. */
  fail(error: Error, nowMs: number): void {
    this.updateFailed(nowMs);
    for (const waiter of [...this.#waiters]) waiter.fail(error);
  }

  close(): void {
    this.#closed = true;
    for (const waiter of [...this.#waiters]) waiter.fail(closedError());
  }

  #isRecreated({ topic, topicId }: TopicMetadata): boolean {
    const known = this.#topics.get(topic)?.topicId ?? null;
    return known !== null && typeof topicId === 'string' && topicId !== known;
  }

  /** Whether the response said something new of the topic. */
  #updateTopic(topic: TopicMetadata, recreated: readonly string[]): boolean {
    if (!this.#expiryMs.has(topic.topic)) return false;
    const errorBefore = this.#errors.get(topic.topic) ?? 0;
    if (topic.errorCode !== 0) this.#errors.set(topic.topic, topic.errorCode);
    else this.#errors.delete(topic.topic);
    const isProgress = errorBefore !== topic.errorCode;
    // A topic that is unknown for a moment, say on a broker that is starting, keeps what is known of it.
    if (topic.partitions.length === 0) {
      if (topic.errorCode === ERROR_CODE.UNKNOWN_TOPIC_OR_PARTITION) this.#forgetLeaderEpochs(topic.topic);
      return isProgress;
    }
    const state = this.#topics.get(topic.topic);
    // A topic that was created again counts its leader epochs from 0 again (KIP-516 tells them apart by their ids).
    const known = recreated.includes(topic.topic) ? NO_PARTITIONS : (state?.partitions ?? NO_PARTITIONS);
    const partitions: PartitionInfo[] = [];
    let isSame = known.length === topic.partitions.length;
    for (const partition of topic.partitions) {
      const before = known[partition.partition];
      // A response of a broker that lags behind must not undo what is known already (E-24).
      const isOlder =
        before !== undefined && partition.leaderEpoch !== -1 && partition.leaderEpoch < before.leaderEpoch;
      partitions[partition.partition] = isOlder ? before : { topic: topic.topic, ...partition };
      isSame &&= before?.leader === partition.leader && before.leaderEpoch === partition.leaderEpoch;
    }
    this.#setPartitions(topic.topic, topic.topicId ?? state?.topicId ?? null, partitions);
    return isProgress || !isSame;
  }

  /**
   * Without a pause, a topic that is slow to appear would be asked for as fast as the cluster responds. The pause grows while
   * responses say nothing new, as in Java (`Metadata.timeToAllowUpdate`). Topics that were added meanwhile need none.
   */
  #setBackoff(isProgress: boolean, request: MetadataRequest): void {
    this.#equalResponses = isProgress ? 0 : this.#equalResponses + 1;
    const hasNewTopics =
      this.#expiryMs.size > 0 && this.topics.some((topic) => !request.topics.includes(topic));
    const attempts = Math.max(0, this.#equalResponses - 1);
    this.#backoffMs = hasNewTopics ? 0 : this.#options.backoff.backoffMs(attempts);
  }

  /** It may have been deleted and be created again, and then its leader epochs begin at 0 again. */
  #forgetLeaderEpochs(topic: string): void {
    const state = this.#topics.get(topic);
    if (state === undefined) return;
    const partitions = state.partitions.map((partition) => ({ ...partition, leaderEpoch: -1 }));
    this.#setPartitions(topic, state.topicId, partitions);
  }

  #setPartitions(topic: string, topicId: string | null, partitions: readonly PartitionInfo[]): void {
    const available = partitions.filter(({ leader }) => leader !== -1);
    this.#topics.set(topic, { topicId, partitions, available });
    const { trace, clock } = this.#options;
    if (trace === null) return;
    trace({ stage: 'metadata', atMs: clock.now(), topic, leaders: partitions.map(({ leader }) => leader) });
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
    if (code === ERROR_CODE.INVALID_TOPIC_EXCEPTION) {
      return new InvalidTopicError(
        `${JSON.stringify(topic)} is not a legal topic name: letters, digits, dots, underscores and hyphens, at most 249.`,
      );
    }
    if (code === ERROR_CODE.TOPIC_AUTHORIZATION_FAILED) {
      return new TopicAuthorizationError(`This client is not allowed to write to topic ${topic}.`);
    }
    return null;
  }

  /** Why a topic is not known, and what to do. */
  #reason(topic: string): string {
    if (this.#lastSuccessMs === null)
      return 'no broker of bootstrap.servers has responded yet; see that they can be reached.';
    const code = this.#errors.get(topic) ?? 0;
    if (code === ERROR_CODE.NONE || code === ERROR_CODE.UNKNOWN_TOPIC_OR_PARTITION)
      return 'the cluster does not have it; create it first.';
    return `the cluster responds with ${errorCodeName(code)}.`;
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
      `Topic ${topic} not present in metadata after ${maxBlockMs} ms (max.block.ms): ${this.#reason(topic)}`,
    );
  }
}

function closedError(): KafkaError {
  return new KafkaError(
    'The producer was closed while a record was waiting for metadata: it was not written.',
  );
}
