import { MAX_PRODUCE_VERSION, openRequest, openResponse, startResponse } from './request-header';
import type { RequestHeader } from './request-header';
import { WireWriter } from './wire';

export interface ProduceRequestPartition {
  readonly topic: string;
  readonly partition: number;
  /** The record batches as they are. */
  readonly records: Buffer;
}

export interface ProduceRequestBody {
  readonly transactionalId: string | null;
  readonly acks: number;
  readonly timeoutMs: number;
  readonly partitions: readonly ProduceRequestPartition[];
}

export function readProduceRequest(frame: Buffer): ProduceRequestBody {
  const { header, body } = openRequest(frame);
  if (header.apiVersion < 3 || header.apiVersion > MAX_PRODUCE_VERSION) {
    throw new RangeError(`Produce version ${header.apiVersion} is not known to the fault proxy.`);
  }
  const transactionalId = body.nullableString();
  const acks = body.int16();
  const timeoutMs = body.int32();
  const topics = body.array(() => {
    const topic = body.string();
    const partitions = body.array(() => {
      const partition = body.int32();
      const records = body.bytes();
      body.tags();
      return { topic, partition, records };
    });
    body.tags();
    return partitions;
  });
  return { transactionalId, acks, timeoutMs, partitions: topics.flat() };
}

/** The same request with other partitions. */
export function writeProduceRequest(
  header: RequestHeader,
  { transactionalId, acks, timeoutMs, partitions }: ProduceRequestBody,
): Buffer {
  const writer = new WireWriter({ flexible: header.flexible });
  writer.int16(header.apiKey).int16(header.apiVersion).int32(header.correlationId);
  writer.classicString(header.clientId).tags().string(transactionalId).int16(acks).int32(timeoutMs);
  return writer
    .array(byTopic(partitions), ([topic, ofTopic]) => {
      writer.string(topic).array(ofTopic, ({ partition, records }) => {
        writer.int32(partition).bytes(records).tags();
      });
      writer.tags();
    })
    .tags()
    .frame();
}

export interface PartitionResponse {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: bigint;
  readonly logAppendTimeMs: bigint;
  readonly logStartOffset: bigint;
  readonly errorMessage: string | null;
}

/** What a broker answers when it has written nothing. */
export function refusal(topic: string, partition: number, errorCode: number): PartitionResponse {
  return {
    topic,
    partition,
    errorCode,
    baseOffset: -1n,
    logAppendTimeMs: -1n,
    logStartOffset: -1n,
    errorMessage: null,
  };
}

/** Record errors and tagged fields, of no use to an experiment, are left out. */
export function readProduceResponse(frame: Buffer, header: RequestHeader): PartitionResponse[] {
  const { apiVersion } = header;
  const body = openResponse(frame, header);
  const topics = body.array(() => {
    const topic = body.string();
    const partitions = body.array(() => {
      const partition = body.int32();
      const errorCode = body.int16();
      const baseOffset = body.int64();
      const logAppendTimeMs = apiVersion >= 2 ? body.int64() : -1n;
      const logStartOffset = apiVersion >= 5 ? body.int64() : -1n;
      if (apiVersion >= 8) {
        body.array(() => {
          body.int32();
          body.string();
          body.tags();
        });
      }
      const errorMessage = apiVersion >= 8 ? body.nullableString() : null;
      body.tags();
      return { topic, partition, errorCode, baseOffset, logAppendTimeMs, logStartOffset, errorMessage };
    });
    body.tags();
    return partitions;
  });
  return topics.flat();
}

export function writeProduceResponse(header: RequestHeader, answers: readonly PartitionResponse[]): Buffer {
  const { apiVersion } = header;
  const writer = startResponse(header);
  writer.array(byTopic(answers), ([topic, ofTopic]) => {
    writer.string(topic).array(ofTopic, (one) => {
      writer.int32(one.partition).int16(one.errorCode).int64(one.baseOffset);
      if (apiVersion >= 2) writer.int64(one.logAppendTimeMs);
      if (apiVersion >= 5) writer.int64(one.logStartOffset);
      if (apiVersion >= 8) writer.array([], () => undefined).string(one.errorMessage);
      writer.tags();
    });
    writer.tags();
  });
  if (apiVersion >= 1) writer.int32(0);
  return writer.tags().frame();
}

function byTopic<T extends { readonly topic: string }>(items: readonly T[]): [string, T[]][] {
  const topics = new Map<string, T[]>();
  for (const item of items) topics.set(item.topic, [...(topics.get(item.topic) ?? []), item]);
  return [...topics];
}
