import type { PartitionProduceResponse, ProduceResponse } from './messages';
import { byTopic, readProduceResponseBody, writeProduceResponseBody } from './produce-response';
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

/** What a broker responds for a partition when it has written nothing. */
export function refusal(topic: string, partition: number, errorCode: number): PartitionProduceResponse {
  return {
    topic,
    partition,
    errorCode,
    baseOffset: -1n,
    logAppendTimeMs: -1,
    logStartOffset: -1n,
    errorMessage: null,
    recordErrors: [],
    currentLeader: null,
  };
}

export function readProduceResponse(frame: Buffer, header: RequestHeader): ProduceResponse {
  return readProduceResponseBody(openResponse(frame, header), header.apiVersion);
}

export function writeProduceResponse(header: RequestHeader, response: ProduceResponse): Buffer {
  const writer = startResponse(header);
  writeProduceResponseBody(writer, header.apiVersion, response);
  return writer.frame();
}
