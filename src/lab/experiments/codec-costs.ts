import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { codecFor, compressionOf, COMPRESSION_TYPES } from '../../protocol/compression';
import type { CompressionType } from '../../protocol/compression';
import { BATCH_HEADER_SIZE } from '../../protocol/record-batch-format';
import { bytesProducer } from '../load/course-producer';
import { xrayPartition } from '../log/log-xray';
import type { BatchXray } from '../log/log-xray';
import type { Payload } from '../load/payloads';

/** What a codec made of some records, as the broker stores them. Sizes in bytes, batch headers included. */
export interface StoredWithCodec {
  readonly type: CompressionType;
  readonly records: number;
  readonly batches: number;
  readonly sizeInBytes: number;
  readonly bytesPerRecord: number;
}

export interface CodecCost extends StoredWithCodec {
  /** `sizeInBytes` over that of `none`. */
  readonly ratio: number;
  /** CPU time for compressing, in microseconds. */
  readonly microsecondsPerRecord: number;
}

export interface CodecOptions {
  /** Kafka's default, 16384, when left out. */
  readonly batchSize?: number;
  /** All when left out. */
  readonly types?: readonly CompressionType[];
}

const DEFAULT_BATCH_SIZE = 16_384;
/** One for all records, so that the same payloads are the same bytes in every run. */
const TIMESTAMP = Date.UTC(2024, 0, 1);
const ROUNDS = 12;
/** More batches tell nothing more about a codec. */
const TIMED_BATCHES = 6;

/** Sends the payloads once with each codec and measures what the broker's log holds, and what compressing costs. */
export async function measureCodecs(
  kafka: KafkaDescription,
  payloads: readonly Payload[],
  { batchSize = DEFAULT_BATCH_SIZE }: Pick<CodecOptions, 'batchSize'> = {},
): Promise<CodecCost[]> {
  const stored = await store(kafka, payloads, { batchSize, types: COMPRESSION_TYPES });
  const [plain] = stored;
  if (plain === undefined || payloads.length === 0) {
    throw new RangeError('There is nothing to measure: give at least one record.');
  }
  const times = compressionTimes(plain.log);
  return stored.map(({ log: _log, ...sizes }) => ({
    ...sizes,
    ratio: sizes.sizeInBytes / plain.sizeInBytes,
    microsecondsPerRecord: times.get(sizes.type) ?? NaN,
  }));
}

/** The sizes alone, with one `batch.size`. */
export async function storeWithCodecs(
  kafka: KafkaDescription,
  payloads: readonly Payload[],
  { batchSize = DEFAULT_BATCH_SIZE, types = COMPRESSION_TYPES }: CodecOptions = {},
): Promise<StoredWithCodec[]> {
  const stored = await store(kafka, payloads, { batchSize, types });
  return stored.map(({ log: _log, ...sizes }) => sizes);
}

/** One partition for each codec. Batches leave when they are full or flushed, never because time went by. */
function store(
  kafka: KafkaDescription,
  payloads: readonly Payload[],
  { batchSize, types }: Required<CodecOptions>,
): Promise<(StoredWithCodec & { readonly log: readonly BatchXray[] })[]> {
  return withTopic(kafka, { name: 'codecs', partitions: types.length }, async (topic) => {
    const stored: (StoredWithCodec & { readonly log: readonly BatchXray[] })[] = [];
    for (const [partition, type] of types.entries()) {
      const config = { 'compression.type': type, 'batch.size': batchSize, 'linger.ms': 60_000 } as const;
      const producer = bytesProducer(kafka, config);
      try {
        const futures = [];
        for (const { key, value } of payloads) {
          futures.push(await producer.send({ topic, partition, key, value, timestamp: TIMESTAMP }));
        }
        await producer.flush();
        await Promise.all(futures.map((future) => future.get()));
      } finally {
        await producer.close();
      }
      const log = await xrayPartition(kafka, { topic, partition });
      const records = log.reduce((sum, batch) => sum + batch.records, 0);
      const sizeInBytes = log.reduce((sum, batch) => sum + batch.sizeInBytes, 0);
      stored.push({
        type,
        records,
        batches: log.length,
        sizeInBytes,
        bytesPerRecord: sizeInBytes / records,
        log,
      });
    }
    return stored;
  });
}

/**
 * Microseconds per record for each codec, all in turn on the same batches. A synchronous compression that nothing
 * interrupts takes exactly its CPU time, so of each batch's rounds the shortest counts.
 */
function compressionTimes(log: readonly BatchXray[]): Map<CompressionType, number> {
  const sample = log.slice(0, TIMED_BATCHES);
  const records = sample.reduce((sum, batch) => sum + batch.records, 0);
  const codecs = COMPRESSION_TYPES.map((type) => ({
    codec: codecFor(type),
    shortestMs: sample.map(() => Infinity),
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, batch] of sample.entries()) {
      const bytes = recordsOf(batch);
      for (const { codec, shortestMs } of codecs) {
        const startedMs = performance.now();
        codec.compress(bytes);
        shortestMs[at] = Math.min(shortestMs[at] ?? Infinity, performance.now() - startedMs);
      }
    }
  }
  return new Map(
    codecs.map(({ codec, shortestMs }) => [
      codec.type,
      (shortestMs.reduce((sum, ms) => sum + ms, 0) * 1000) / records,
    ]),
  );
}

function recordsOf(batch: BatchXray): Buffer {
  const { decompress } = compressionOf(batch.codec as CompressionType);
  return decompress(batch.bytes.subarray(BATCH_HEADER_SIZE));
}
