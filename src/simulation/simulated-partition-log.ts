import type { RecordError } from '../protocol/messages';
import type { Clock } from '../support/clock';
import { BatchRefusal, Code } from './batch-refusal';
import { validateBatch } from './log-validator';
import { ProducerState } from './producer-state';
import { onlyBatch } from './sent-batch';
import type { StoredBatch } from './stored-batch';
import type { TopicSettings } from './topic-settings';

export interface SimulatedPartitionLogOptions {
  readonly clock: Clock;
  /** `orders-0`, for error texts. */
  readonly topicPartition: string;
  /** Asked for at each append: a topic's config may change. */
  readonly settings: () => TopicSettings;
  /** producer.id.expiration.ms. Default: one day, as in Kafka. */
  readonly producerIdExpirationMs?: number;
}

/** What a leader made of a batch. */
export interface AppendResult {
  readonly errorCode: number;
  /** For whoever looks on; the response does not carry it. */
  readonly why: string | null;
  readonly errorMessage: string | null;
  readonly recordErrors: readonly RecordError[];
  /** -1 when it was refused. */
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly logAppendTimeMs: number;
  /** null when it was refused or is a duplicate. */
  readonly batch: StoredBatch | null;
  /** It was there already: success, with the offsets that it got then. */
  readonly duplicate: boolean;
}

const ONE_DAY_MS = 86_400_000;
/** producer.id.expiration.check.interval.ms */
const EXPIRATION_CHECK_MS = 600_000;
const NO_TIMESTAMP = -1;

/**
 * The log of one replica of a partition, and what it remembers of idempotent producers: Kafka's `UnifiedLog` for what a
 * producer sends. Without a transactional id, as the course's producer has none.
 */
export class SimulatedPartitionLog {
  readonly #options: SimulatedPartitionLogOptions;
  readonly #startMs: number;
  #batches: StoredBatch[] = [];
  #producers = new ProducerState();
  /** What was forgotten when there were so many batches: a replica that is cut back must not remember it again. */
  #forgotten: { readonly batchCount: number; readonly producerId: bigint | undefined }[] = [];
  #expirationChecks = 0;

  constructor(options: SimulatedPartitionLogOptions) {
    this.#options = options;
    this.#startMs = options.clock.now();
  }

  /** Oldest first. */
  get batches(): readonly StoredBatch[] {
    return this.#batches;
  }

  /** Of the next record. */
  get endOffset(): number {
    const last = this.#batches[this.#batches.length - 1];
    return last === undefined ? 0 : last.lastOffset + 1;
  }

  /** Takes the bytes that a producer sent, or says why not. They must be a copy: what is stored are these bytes. */
  appendAsLeader(bytes: Buffer, leaderEpoch: number): AppendResult {
    try {
      return this.#append(onlyBatch(bytes), leaderEpoch);
    } catch (error) {
      if (!(error instanceof BatchRefusal)) throw error;
      return { ...REFUSED, ...detailsOf(error) };
    }
  }

  /** Takes over what the leader has stored, without looking at it again. */
  appendAsFollower(batch: StoredBatch): void {
    this.#batches.push(batch);
    if (batch.producerId >= 0n) this.#producers.remember(batch);
  }

  /** Keeps only the first batches, and remembers only what is in them. Returns what was cut off. */
  truncateTo(batchCount: number): readonly StoredBatch[] {
    if (batchCount >= this.#batches.length) return [];
    const cutOff = this.#batches.slice(batchCount);
    this.#batches = this.#batches.slice(0, batchCount);
    this.#forgotten = this.#forgotten.filter((one) => one.batchCount <= batchCount);
    this.#remember();
    return cutOff;
  }

  /** Of a replica that begins with all that another one has. */
  copyFrom(other: SimulatedPartitionLog): void {
    this.truncateTo(0);
    for (const batch of other.#batches) this.appendAsFollower(batch);
  }

  /** All of them without a producer id. */
  forgetProducerIds(producerId?: bigint): void {
    this.#forgotten.push({ batchCount: this.#batches.length, producerId });
    this.#producers.forget(producerId);
  }

  /** All anew from the batches, as a broker does from its log. */
  #remember(): void {
    this.#producers = new ProducerState();
    let done = 0;
    for (const { batchCount, producerId } of [
      ...this.#forgotten,
      { batchCount: this.#batches.length, producerId: -1n },
    ]) {
      for (const batch of this.#batches.slice(done, batchCount)) {
        if (batch.producerId >= 0n) this.#producers.remember(batch);
      }
      this.#producers.forget(producerId);
      done = batchCount;
    }
  }

  #append(bytes: Buffer, leaderEpoch: number): AppendResult {
    const { clock, topicPartition, settings } = this.#options;
    const nowMs = clock.now();
    const topic = settings();
    const { endOffset } = this;
    const batch = validateBatch(bytes, { settings: topic, topicPartition, nowMs, endOffset, leaderEpoch });
    if (batch.producerId >= 0n) {
      this.#expireProducerIds(nowMs);
      const duplicate = this.#producers.duplicateOf(batch);
      if (duplicate !== null) {
        const { firstOffset, maxTimestamp } = duplicate;
        // Kafka answers with the largest timestamp of the batch, even where the topic keeps the producer's timestamps.
        const lastOffset = firstOffset + batch.recordCount - 1;
        return {
          ...ACCEPTED,
          baseOffset: firstOffset,
          lastOffset,
          logAppendTimeMs: maxTimestamp,
          duplicate: true,
        };
      }
      this.#producers.check(batch);
      this.#producers.remember(batch);
    }
    this.#batches.push(batch);
    const logAppendTimeMs = topic.timestampType === 'LogAppendTime' ? nowMs : NO_TIMESTAMP;
    return {
      ...ACCEPTED,
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      logAppendTimeMs,
      batch,
    };
  }

  /** Kafka looks every ten minutes; here, whether such a moment has passed is worked out when it matters. */
  #expireProducerIds(nowMs: number): void {
    const checks = Math.floor((nowMs - this.#startMs) / EXPIRATION_CHECK_MS);
    if (checks === this.#expirationChecks) return;
    this.#expirationChecks = checks;
    const checkedMs = this.#startMs + checks * EXPIRATION_CHECK_MS;
    this.#producers.expire(checkedMs, this.#options.producerIdExpirationMs ?? ONE_DAY_MS);
  }
}

const ACCEPTED = {
  errorCode: Code.NONE,
  why: null,
  errorMessage: null,
  recordErrors: [],
  batch: null,
  duplicate: false,
} as const;

export const REFUSED = {
  baseOffset: -1,
  lastOffset: -1,
  logAppendTimeMs: NO_TIMESTAMP,
  batch: null,
  duplicate: false,
} as const;

function detailsOf({ errorCode, message, errorMessage, recordErrors }: BatchRefusal) {
  return { errorCode, why: message, errorMessage, recordErrors };
}
