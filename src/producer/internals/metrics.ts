import type { Clock } from '../../support/clock';
import type { ProducerMetric } from '../producer-metric';
import { NODE_METRICS, PRODUCER_METRICS, TOPIC_METRICS } from './metric-templates';
import type { ProducerBatch } from './producer-batch';
import { SampledStats } from './sampled-stats';
import type { SampledStatsOptions } from './sampled-stats';

export interface ProducerMetricsOptions extends SampledStatsOptions {
  readonly clientId: string;
  readonly clock: Clock;
  readonly totalMemory: number;
}

/** What only others know at the moment of asking. */
export interface MetricSources {
  readonly availableMemory: () => number;
  readonly waitingThreads: () => number;
  readonly requestsInFlight: () => number;
  readonly metadataAgeMs: () => number;
}

interface TopicStats {
  readonly records: SampledStats;
  readonly bytes: SampledStats;
  readonly compression: SampledStats;
  readonly retries: SampledStats;
  readonly errors: SampledStats;
}

/** What a stat of a name is, at the time of asking. */
type Values = Readonly<Record<string, number>>;

/** Java's sensors (SenderMetricsRegistry, KafkaProducerMetrics), recorded once per batch or request, never per record. */
export class ProducerMetrics {
  readonly #options: ProducerMetricsOptions;
  readonly #topics = new Map<string, TopicStats>();
  readonly #nodes = new Map<number, SampledStats>();
  #sources: MetricSources | null = null;
  #closed = false;
  #flushTimeMs = 0;
  #metadataWaitMs = 0;
  readonly #batchSize: SampledStats;
  readonly #batchSplit: SampledStats;
  readonly #bufferExhausted: SampledStats;
  readonly #bufferWait: SampledStats;
  readonly #compression: SampledStats;
  readonly #queueTime: SampledStats;
  readonly #records: SampledStats;
  readonly #retries: SampledStats;
  readonly #errors: SampledStats;
  readonly #recordSize: SampledStats;
  readonly #recordsPerRequest: SampledStats;
  readonly #latency: SampledStats;
  readonly #requestSize: SampledStats;
  readonly #responses: SampledStats;
  readonly #throttle: SampledStats;

  constructor(options: ProducerMetricsOptions) {
    this.#options = options;
    this.#batchSize = this.#stats();
    this.#batchSplit = this.#stats();
    this.#bufferExhausted = this.#stats();
    this.#bufferWait = this.#stats();
    this.#compression = this.#stats();
    this.#queueTime = this.#stats();
    this.#records = this.#stats();
    this.#retries = this.#stats();
    this.#errors = this.#stats();
    this.#recordSize = this.#stats();
    this.#recordsPerRequest = this.#stats();
    this.#latency = this.#stats();
    this.#requestSize = this.#stats();
    this.#responses = this.#stats();
    this.#throttle = this.#stats();
  }

  connect(sources: MetricSources): void {
    this.#sources = sources;
  }

  /** A batch goes out. Sizes and times are those at this moment (K-06). */
  recordBatch(batch: ProducerBatch): void {
    const nowMs = this.#now();
    const size = batch.sizeInBytes;
    const topic = this.#topic(batch.topic);
    topic.records.record(batch.recordCount, nowMs);
    topic.bytes.record(size, nowMs);
    topic.compression.record(batch.builder.compressionRatio, nowMs);
    this.#batchSize.record(size, nowMs);
    this.#compression.record(batch.builder.compressionRatio, nowMs);
    this.#queueTime.record(batch.drainedMs - batch.createdMs, nowMs);
    this.#recordSize.record(batch.maxRecordSize, nowMs);
  }

  /** All records that go to one node in one pass. */
  recordRequestRecords(recordCount: number): void {
    this.#records.record(recordCount, this.#now());
    this.#recordsPerRequest.record(recordCount, this.#now());
  }

  recordRequestSent(sizeInBytes: number): void {
    this.#requestSize.record(sizeInBytes, this.#now());
  }

  recordResponse(nodeId: number, latencyMs: number): void {
    const nowMs = this.#now();
    this.#responses.record(1, nowMs);
    this.#latency.record(latencyMs, nowMs);
    let ofNode = this.#nodes.get(nodeId);
    if (ofNode === undefined) this.#nodes.set(nodeId, (ofNode = this.#stats()));
    ofNode.record(latencyMs, nowMs);
  }

  recordThrottle(throttleTimeMs: number): void {
    this.#throttle.record(throttleTimeMs, this.#now());
  }

  /** In records, not batches (K-07). */
  recordRetries(topic: string, recordCount: number): void {
    this.#retries.record(recordCount, this.#now());
    this.#topic(topic).retries.record(recordCount, this.#now());
  }

  /** `topic` null: the record failed before it had a batch. */
  recordErrors(topic: string | null, recordCount: number): void {
    this.#errors.record(recordCount, this.#now());
    if (topic !== null) this.#topic(topic).errors.record(recordCount, this.#now());
  }

  recordSplit(): void {
    this.#batchSplit.record(1, this.#now());
  }

  recordBufferExhausted(): void {
    this.#bufferExhausted.record(1, this.#now());
  }

  recordBufferWait(waitedMs: number): void {
    this.#bufferWait.record(waitedMs, this.#now());
  }

  recordMetadataWait(waitedMs: number): void {
    this.#metadataWaitMs += waitedMs;
  }

  recordFlush(tookMs: number): void {
    this.#flushTimeMs += tookMs;
  }

  /** Nothing is left after close (K-10). */
  close(): void {
    this.#closed = true;
  }

  snapshot(): ProducerMetric[] {
    if (this.#closed) return [];
    const { clientId } = this.#options;
    const tags = { 'client-id': clientId };
    const metrics = toMetrics('producer-metrics', PRODUCER_METRICS, tags, this.#producerValues());
    for (const [topic, stats] of this.#topics) {
      const values = this.#topicValues(stats);
      metrics.push(...toMetrics('producer-topic-metrics', TOPIC_METRICS, { ...tags, topic }, values));
    }
    for (const [nodeId, latency] of this.#nodes) {
      const nodeTags = { ...tags, 'node-id': `node-${nodeId}` };
      const values = {
        'request-latency-avg': latency.average(this.#now()),
        'request-latency-max': latency.max(this.#now()),
      };
      metrics.push(...toMetrics('producer-node-metrics', NODE_METRICS, nodeTags, values));
    }
    return metrics;
  }

  #producerValues(): Values {
    const nowMs = this.#now();
    const sources = this.#sources;
    return {
      ...averageAndMax('batch-size', this.#batchSize, nowMs),
      ...rateAndTotal('batch-split', this.#batchSplit, nowMs),
      'buffer-available-bytes': sources?.availableMemory() ?? this.#options.totalMemory,
      'buffer-total-bytes': this.#options.totalMemory,
      ...rateAndTotal('buffer-exhausted', this.#bufferExhausted, nowMs),
      'bufferpool-wait-ratio': this.#bufferWait.ratePerSecond(nowMs) / 1000,
      'bufferpool-wait-time-ns-total': toNs(this.#bufferWait.total),
      'waiting-threads': sources?.waitingThreads() ?? 0,
      'compression-rate-avg': this.#compression.average(nowMs),
      ...averageAndMax('record-queue-time', this.#queueTime, nowMs),
      ...rateAndTotal('record-send', this.#records, nowMs),
      ...rateAndTotal('record-retry', this.#retries, nowMs),
      ...rateAndTotal('record-error', this.#errors, nowMs),
      ...averageAndMax('record-size', this.#recordSize, nowMs),
      'records-per-request-avg': this.#recordsPerRequest.average(nowMs),
      ...averageAndMax('request-latency', this.#latency, nowMs),
      'request-rate': this.#requestSize.countPerSecond(nowMs),
      'request-total': this.#requestSize.recordings,
      ...averageAndMax('request-size', this.#requestSize, nowMs),
      ...rateAndTotal('response', this.#responses, nowMs),
      'requests-in-flight': sources?.requestsInFlight() ?? 0,
      'metadata-age': (sources?.metadataAgeMs() ?? NaN) / 1000,
      'metadata-wait-time-ns-total': toNs(this.#metadataWaitMs),
      'flush-time-ns-total': toNs(this.#flushTimeMs),
      ...averageAndMax('produce-throttle-time', this.#throttle, nowMs),
    };
  }

  #topicValues(stats: TopicStats): Values {
    const nowMs = this.#now();
    return {
      ...rateAndTotal('record-send', stats.records, nowMs),
      ...rateAndTotal('byte', stats.bytes, nowMs),
      'compression-rate': stats.compression.average(nowMs),
      ...rateAndTotal('record-retry', stats.retries, nowMs),
      ...rateAndTotal('record-error', stats.errors, nowMs),
    };
  }

  #topic(topic: string): TopicStats {
    let stats = this.#topics.get(topic);
    if (stats === undefined) {
      stats = {
        records: this.#stats(),
        bytes: this.#stats(),
        compression: this.#stats(),
        retries: this.#stats(),
        errors: this.#stats(),
      };
      this.#topics.set(topic, stats);
    }
    return stats;
  }

  #stats(): SampledStats {
    return new SampledStats(this.#options);
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

function averageAndMax(name: string, stats: SampledStats, nowMs: number): Values {
  return { [`${name}-avg`]: stats.average(nowMs), [`${name}-max`]: stats.max(nowMs) };
}

function rateAndTotal(name: string, stats: SampledStats, nowMs: number): Values {
  return { [`${name}-rate`]: stats.ratePerSecond(nowMs), [`${name}-total`]: stats.total };
}

function toNs(ms: number): number {
  return Math.round(ms * 1e6);
}

function toMetrics(
  group: string,
  templates: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
  values: Values,
): ProducerMetric[] {
  return Object.entries(templates).map(([name, description]) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The metric ${name} of ${group} has no value.`);
    return { name, group, description, tags, value };
  });
}
