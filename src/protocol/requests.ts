import type { ClusterMetadata, ProduceRequest, ProduceResponse, ProducerIdResponse } from './messages';
import { WireReader, WireWriter } from './wire';

/**
 * The requests that the producer and the log reader send, each in the newest version without "flexible" fields that brings
 * what is needed: Metadata 8 has leader epochs, Produce 8 has errors per record. Only a producer id and epoch can be handed
 * in from InitProducerId 3 on, which is flexible. Kafka 4.4 takes all of them.
 */
export interface WireRequest {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  /** Request header 2 and response header 1: one byte of (no) tagged fields each. */
  readonly flexible?: boolean;
  /** false: the broker never answers (acks=0). */
  readonly expectResponse?: boolean;
  readonly body: readonly Buffer[];
}

const NO_REPLICA = -1;
const READ_UNCOMMITTED = 0;

export function encodeProduce({ acks, timeoutMs, batches }: ProduceRequest): WireRequest {
  const writer = new WireWriter({ capacity: 128 + 64 * batches.length });
  const noTransactionalId = null;
  writer.string(noTransactionalId).int16(acks).int32(timeoutMs);
  const byTopic = new Map<string, ProduceRequest['batches'][number][]>();
  for (const batch of batches) {
    const ofTopic = byTopic.get(batch.topic);
    if (ofTopic === undefined) byTopic.set(batch.topic, [batch]);
    else ofTopic.push(batch);
  }
  writer.int32(byTopic.size);
  for (const [topic, ofTopic] of byTopic) {
    writer.string(topic).int32(ofTopic.length);
    for (const { partition, bytes } of ofTopic) writer.int32(partition).bytes(bytes);
  }
  return { apiKey: 0, apiName: 'Produce', apiVersion: 8, expectResponse: acks !== 0, body: writer.finish() };
}

export function decodeProduce(payload: Buffer): ProduceResponse {
  const reader = new WireReader(payload);
  const topics = reader.array(() => {
    const topic = reader.string();
    return reader.array(() => {
      const partition = reader.int32();
      const errorCode = reader.int16();
      const baseOffset = reader.int64();
      const logAppendTimeMs = Number(reader.int64());
      reader.int64(); // log start offset
      const recordErrors = reader.array(() => ({
        batchIndex: reader.int32(),
        message: reader.nullableString(),
      }));
      const errorMessage = reader.nullableString();
      return { topic, partition, errorCode, errorMessage, baseOffset, logAppendTimeMs, recordErrors };
    });
  });
  return { partitions: topics.flat(), throttleTimeMs: reader.int32() };
}

/** No topics: only the brokers. With `allowAutoTopicCreation` a topic that is not there is made, if the broker does so by itself. */
export function encodeMetadata(topics: readonly string[], allowAutoTopicCreation: boolean): WireRequest {
  const writer = new WireWriter().int32(topics.length);
  for (const topic of topics) writer.string(topic);
  writer
    .int8(allowAutoTopicCreation ? 1 : 0)
    .int8(0)
    .int8(0); // no authorized operations, neither of the cluster nor of topics
  return { apiKey: 3, apiName: 'Metadata', apiVersion: 8, body: writer.finish() };
}

export function decodeMetadata(payload: Buffer): ClusterMetadata {
  const reader = new WireReader(payload);
  reader.int32(); // throttle time
  const brokers = reader.array(() => {
    const broker = { id: reader.int32(), host: reader.string(), port: reader.int32() };
    reader.nullableString(); // rack
    return broker;
  });
  reader.nullableString(); // cluster id
  reader.int32(); // controller
  const topics = reader.array(() => {
    const errorCode = reader.int16();
    const topic = reader.string();
    reader.int8(); // internal
    const partitions = reader.array(() => {
      reader.int16(); // the partition's error: a missing leader is told by its id already
      const partition = reader.int32();
      const leader = reader.int32();
      const leaderEpoch = reader.int32();
      const replicas = reader.array(() => reader.int32());
      const inSyncReplicas = reader.array(() => reader.int32());
      reader.array(() => reader.int32()); // offline replicas
      return { partition, leader, leaderEpoch, replicas, inSyncReplicas };
    });
    reader.int32(); // authorized operations
    return { topic, errorCode, partitions: partitions.sort((a, b) => a.partition - b.partition) };
  });
  return { brokers, topics };
}

export function encodeInitProducerId(current?: { producerId: bigint; producerEpoch: number }): WireRequest {
  const writer = new WireWriter();
  writer.int8(0); // compact string: no transactional id
  writer.int32(TRANSACTION_TIMEOUT_MS);
  writer.int64(current?.producerId ?? -1n).int16(current?.producerEpoch ?? -1);
  writer.int8(0); // no tagged fields
  return { apiKey: 22, apiName: 'InitProducerId', apiVersion: 3, flexible: true, body: writer.finish() };
}

/** Means nothing without a transactional id, but has to be positive. */
const TRANSACTION_TIMEOUT_MS = 60_000;

export function decodeInitProducerId(payload: Buffer): ProducerIdResponse {
  const reader = new WireReader(payload);
  reader.int32(); // throttle time
  return { errorCode: reader.int16(), producerId: reader.int64(), producerEpoch: reader.int16() };
}

/** Offset of the next record to be written (-1n: latest) or of the first that is still there (-2n: earliest). */
export function encodeListOffset(topic: string, partition: number, timestamp: -1n | -2n): WireRequest {
  const writer = new WireWriter().int32(NO_REPLICA);
  writer.int32(1).string(topic).int32(1).int32(partition).int64(timestamp);
  return { apiKey: 2, apiName: 'ListOffsets', apiVersion: 1, body: writer.finish() };
}

export interface PartitionOffset {
  readonly errorCode: number;
  readonly offset: bigint;
}

export function decodeListOffset(payload: Buffer): PartitionOffset {
  const reader = new WireReader(payload);
  const [[partition] = []] = reader.array(() => {
    reader.string();
    return reader.array(() => {
      reader.int32(); // partition
      const errorCode = reader.int16();
      reader.int64(); // timestamp
      return { errorCode, offset: reader.int64() };
    });
  });
  if (partition === undefined) throw new RangeError('The answer to ListOffsets names no partition.');
  return partition;
}

export interface FetchOptions {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: bigint;
  readonly maxBytes: number;
  readonly maxWaitMs: number;
}

export function encodeFetch({
  topic,
  partition,
  fromOffset,
  maxBytes,
  maxWaitMs,
}: FetchOptions): WireRequest {
  const writer = new WireWriter().int32(NO_REPLICA).int32(maxWaitMs);
  writer.int32(1).int32(maxBytes).int8(READ_UNCOMMITTED); // from 1 byte on
  writer.int32(1).string(topic).int32(1).int32(partition).int64(fromOffset).int32(maxBytes);
  return { apiKey: 1, apiName: 'Fetch', apiVersion: 4, body: writer.finish() };
}

export interface FetchedPartition {
  readonly errorCode: number;
  readonly highWatermark: bigint;
  /** Record batches as the broker stores them; the last may be cut off. */
  readonly records: Buffer;
}

export function decodeFetch(payload: Buffer): FetchedPartition {
  const reader = new WireReader(payload);
  reader.int32(); // throttle time
  const [[partition] = []] = reader.array(() => {
    reader.string();
    return reader.array(() => {
      reader.int32(); // partition
      const errorCode = reader.int16();
      const highWatermark = reader.int64();
      reader.int64(); // last stable offset
      reader.array(() => [reader.int64(), reader.int64()]); // aborted transactions
      return { errorCode, highWatermark, records: reader.bytes() };
    });
  });
  if (partition === undefined) throw new RangeError('The answer to Fetch names no partition.');
  return partition;
}
