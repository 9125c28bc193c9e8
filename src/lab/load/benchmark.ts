import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import type { CompressionType, ProducerConfig } from '../../producer/index';
import { CountingNetworkClient } from './counting-network-client';
import type { SentBatch } from './counting-network-client';
import { bytesProducer, metricOf } from './course-producer';
import type { BytesProducer } from './course-producer';
import { LatencyHistogram } from './latency-histogram';
import type { LatencyMs } from './latency-histogram';
import { runLoad } from './load';
import { takePayloads } from './payloads';
import type { Workload } from './payloads';

export interface BenchmarkSettings {
  readonly messages?: number;
  /** Bytes of each value. */
  readonly sizeInBytes?: number;
  readonly workload?: Workload;
  readonly batchSize?: number;
  readonly lingerMs?: number;
  readonly compressionType?: CompressionType;
  readonly acks?: 'all' | '1' | '0';
  readonly partitions?: number;
  /** Left out: as fast as the producer takes them. Latency means little then: it is the length of the queue. */
  readonly messagesPerSecond?: number;
  readonly seed?: number;
  /** Sent beforehand and not measured, so that code is compiled and connections are open. */
  readonly warmupMessages?: number;
  /** Any other config of the producer. */
  readonly config?: ProducerConfig;
}

export interface BenchmarkResult {
  readonly messages: number;
  readonly failed: number;
  readonly durationMs: number;
  readonly messagesPerSecond: number;
  /** Of values, before compression; a megabyte is 10⁶ bytes. */
  readonly megabytesPerSecond: number;
  /** From when a message was due to the broker's answer. */
  readonly latencyMs: LatencyMs;
  readonly requests: number;
  readonly batches: number;
  readonly recordsPerBatch: number;
  /** Of record batches, on the wire. */
  readonly bytesSent: number;
  /** Compressed over uncompressed size of the batches: 1 without compression. */
  readonly compressionRatio: number;
}

export interface BenchmarkProgress {
  readonly phase: 'warm-up' | 'measuring';
  readonly acknowledged: number;
  readonly messages: number;
}

export interface BenchmarkOptions {
  readonly onProgress?: (progress: BenchmarkProgress) => void;
  /** Hears of every batch that goes out, those of the warm-up included. */
  readonly onBatch?: (batch: SentBatch) => void;
  /** Ends the load early; what was sent by then is measured. */
  readonly signal?: AbortSignal;
}

const DEFAULTS = {
  messages: 100_000,
  sizeInBytes: 100,
  workload: 'orders',
  batchSize: 65_536,
  lingerMs: 50,
  compressionType: 'lz4',
  acks: 'all',
  partitions: 6,
  seed: 1,
} as const;

/** Different values, used again and again: as many as keep a codec from seeing the same one twice in a batch. */
const PAYLOADS = 2000;
const DEFAULT_WARMUP = 5000;

/** Sends `messages` to a topic of their own, which is deleted afterwards, and measures how that went. */
export async function benchmark(
  kafka: KafkaDescription,
  settings: BenchmarkSettings = {},
  options: BenchmarkOptions = {},
): Promise<BenchmarkResult> {
  const resolved = { ...DEFAULTS, ...withoutUndefined(settings) };
  const { messages, sizeInBytes, workload, seed, partitions } = resolved;
  for (const [name, value] of Object.entries({ messages, sizeInBytes, partitions })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} must be a whole number from 1 on, not ${value}.`);
  }
  const { warmupMessages = Math.min(messages, DEFAULT_WARMUP) } = settings;
  const payloads = takePayloads(workload, Math.min(messages, PAYLOADS), { seed, sizeInBytes });
  const network = CountingNetworkClient.connect(kafka, 'benchmark', options.onBatch);
  const producer = bytesProducer(kafka, producerConfig(resolved), { network });
  try {
    return await withTopic(kafka, { name: 'benchmark', partitions }, async (topic) => {
      const run = { producer, topic, payloads, settings: resolved };
      if (warmupMessages > 0) await measure(run, warmupMessages, 'warm-up', options);
      network.reset();
      const { latency, failed, durationMs, sent } = await measure(run, messages, 'measuring', options);
      const { requests, batches, bytes, records } = network.counters;
      return {
        messages: sent,
        failed,
        durationMs,
        messagesPerSecond: (sent * 1000) / durationMs,
        megabytesPerSecond: (sent * sizeInBytes) / durationMs / 1000,
        latencyMs: latency.summary(),
        requests,
        batches,
        recordsPerBatch: batches === 0 ? 0 : records / batches,
        bytesSent: bytes,
        compressionRatio: metricOf(producer, 'compression-rate-avg'),
      };
    });
  } finally {
    await producer.close({ timeoutMs: 10_000 });
  }
}

function producerConfig(
  settings: Required<Pick<BenchmarkSettings, keyof typeof DEFAULTS>> & BenchmarkSettings,
): ProducerConfig {
  return {
    'client.id': 'benchmark',
    'batch.size': settings.batchSize,
    'linger.ms': settings.lingerMs,
    'compression.type': settings.compressionType,
    acks: settings.acks,
    'buffer.memory': 64 * 1024 * 1024,
    ...settings.config,
  };
}

interface Run {
  readonly producer: BytesProducer;
  readonly topic: string;
  readonly payloads: readonly { readonly key: string | null; readonly value: Buffer }[];
  readonly settings: { readonly messagesPerSecond?: number };
}

interface Measured {
  readonly latency: LatencyHistogram;
  readonly failed: number;
  readonly durationMs: number;
  readonly sent: number;
}

async function measure(
  { producer, topic, payloads, settings }: Run,
  messages: number,
  phase: BenchmarkProgress['phase'],
  { onProgress, signal }: BenchmarkOptions,
): Promise<Measured> {
  const latency = new LatencyHistogram();
  const startedMs = performance.now();
  // runLoad counts due times on a clock of whole milliseconds; latencies here need the fractions.
  const intervalMs = settings.messagesPerSecond === undefined ? 0 : 1000 / settings.messagesPerSecond;
  let failed = 0;
  let acknowledged = 0;
  const load = await runLoad({
    records: cycle(payloads),
    count: messages,
    recordsPerSecond: settings.messagesPerSecond,
    signal,
    onProgress: () => onProgress?.({ phase, acknowledged, messages }),
    send: ({ key, value }, index) => {
      const dueMs = intervalMs === 0 ? performance.now() : startedMs + index * intervalMs;
      return producer.send({ topic, key, value }, (_metadata, error) => {
        acknowledged++;
        if (error !== null) failed++;
        latency.record(performance.now() - dueMs);
      });
    },
  });
  await producer.flush();
  onProgress?.({ phase, acknowledged, messages });
  return { latency, failed, durationMs: performance.now() - startedMs, sent: load.sent };
}

function* cycle<T>(items: readonly T[]): Generator<T, never> {
  for (let index = 0; ; index = (index + 1) % items.length) yield items[index] as T;
}

function withoutUndefined(settings: BenchmarkSettings): BenchmarkSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
