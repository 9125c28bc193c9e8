import type {
  ClusterMetadata,
  PartitionMetadata,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from './messages';
import { byTopic, readProduceResponseBody } from './produce-response';
import { WireReader, WireWriter, ZERO_UUID } from './wire';

/**
 * The requests that the producer and the log reader send, each in the lowest version that brings what is needed: Metadata 12
 * has topic ids (brokers since 3.1), Produce 10 names the current leader of a partition that has moved (KIP-951, brokers since
 * 3.7). Kafka 3.9 to 4.4 takes all of them.
 */
export interface WireRequest {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  /** Request header 2 and response header 1, which end with tagged fields. */
  readonly flexible?: boolean;
  /** false: the broker never responds (acks=0). */
  readonly expectResponse?: boolean;
  readonly body: readonly Buffer[];
}

const PRODUCE_VERSION = 10;
const METADATA_VERSION = 12;
const NO_REPLICA = -1;
const READ_UNCOMMITTED = 0;

export function encodeProduce({ acks, timeoutMs, batches }: ProduceRequest): WireRequest {
  const writer = new WireWriter({ flexible: true, capacity: 128 + 64 * batches.length });
  const noTransactionalId = null;
  writer.string(noTransactionalId).int16(acks).int32(timeoutMs);
  writer.array(byTopic(batches), ([topic, ofTopic]) => {
    writer
      .string(topic)
      .array(ofTopic, ({ partition, bytes }) => writer.int32(partition).bytes(bytes).tags());
    writer.tags();
  });
  return {
    apiKey: 0,
    apiName: 'Produce',
    apiVersion: PRODUCE_VERSION,
    flexible: true,
    expectResponse: acks !== 0,
    body: writer.tags().finish(),
  };
}

export function decodeProduce(payload: Buffer): ProduceResponse {
  return readProduceResponseBody(flexibleResponse(payload), PRODUCE_VERSION);
}

/** No topics: only the brokers. With `allowAutoTopicCreation` a topic that is not there is made, if the broker does so by itself. */
export function encodeMetadata(topics: readonly string[], allowAutoTopicCreation: boolean): WireRequest {
  const writer = new WireWriter({ flexible: true });
  const noAuthorizedOperations = 0;
  writer
    .array(topics, (topic) => writer.uuid(ZERO_UUID).string(topic).tags())
    .int8(allowAutoTopicCreation ? 1 : 0)
    .int8(noAuthorizedOperations);
  return {
    apiKey: 3,
    apiName: 'Metadata',
    apiVersion: METADATA_VERSION,
    flexible: true,
    body: writer.tags().finish(),
  };
}

export function decodeMetadata(payload: Buffer): ClusterMetadata {
  const reader = flexibleResponse(payload);
  const throttleTimeMs = reader.int32();
  const brokers = reader.array(() => {
    const broker = { id: reader.int32(), host: reader.string(), port: reader.int32() };
    reader.nullableString(); // rack
    reader.tags();
    return broker;
  });
  reader.nullableString(); // cluster id
  reader.int32(); // controller
  const topics = reader.array(() => {
    const errorCode = reader.int16();
    const topic = reader.string();
    const topicId = reader.uuid();
    reader.int8(); // internal
    const partitions = reader.array(() => readPartitionMetadata(reader));
    reader.int32(); // authorized operations
    reader.tags();
    partitions.sort((a, b) => a.partition - b.partition);
    return { topic, errorCode, topicId: topicId === ZERO_UUID ? null : topicId, partitions };
  });
  reader.tags();
  return { brokers, topics, throttleTimeMs };
}

function readPartitionMetadata(reader: WireReader): PartitionMetadata {
  reader.int16(); // the partition's error: a missing leader is told by its id already
  const partition = reader.int32();
  const leader = reader.int32();
  const leaderEpoch = reader.int32();
  const replicas = reader.array(() => reader.int32());
  const inSyncReplicas = reader.array(() => reader.int32());
  reader.array(() => reader.int32()); // offline replicas
  reader.tags();
  return { partition, leader, leaderEpoch, replicas, inSyncReplicas };
}

/** For a producer without a transactional id, which always gets a new producer id with epoch 0. */
export function encodeInitProducerId(): WireRequest {
  const writer = new WireWriter({ flexible: true });
  const noTransactionalId = null;
  writer.string(noTransactionalId).int32(TRANSACTION_TIMEOUT_MS);
  return {
    apiKey: 22,
    apiName: 'InitProducerId',
    apiVersion: 2,
    flexible: true,
    body: writer.tags().finish(),
  };
}

/** Means nothing without a transactional id, but has to be positive. */
const TRANSACTION_TIMEOUT_MS = 60_000;

export function decodeInitProducerId(payload: Buffer): ProducerIdResponse {
  const reader = flexibleResponse(payload);
  const throttleTimeMs = reader.int32();
  const errorCode = reader.int16();
  const producerId = reader.int64();
  const producerEpoch = reader.int16();
  reader.tags();
  return { errorCode, producerId, producerEpoch, throttleTimeMs };
}

/** Behind the tagged fields of response header 1, of which none is known. */
function flexibleResponse(payload: Buffer): WireReader {
  const reader = new WireReader(payload, { flexible: true });
  reader.tags();
  return reader;
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
  if (partition === undefined) throw new RangeError('The response to ListOffsets names no partition.');
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
  if (partition === undefined) throw new RangeError('The response to Fetch names no partition.');
  return partition;
}
