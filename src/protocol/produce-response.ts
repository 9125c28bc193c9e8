import type { CurrentLeader, NodeEndpoint, PartitionProduceResponse, ProduceResponse } from './messages';
import type { WireReader, WireWriter } from './wire';

/** First version with errors for single records (KIP-467). */
const RECORD_ERRORS_SINCE = 8;
/** First version that may name the current leader and its address, in tagged fields (KIP-951). */
const CURRENT_LEADER_SINCE = 10;
const CURRENT_LEADER_TAG = 0;
const NODE_ENDPOINTS_TAG = 0;

/** The body of a Produce response of version 0 to 12, behind its header. Later versions name topics by id. */
export function readProduceResponseBody(body: WireReader, apiVersion: number): ProduceResponse {
  const topics = body.array(() => {
    const topic = body.string();
    const partitions = body.array(() => readPartition(body, apiVersion, topic));
    body.tags();
    return partitions;
  });
  const throttleTimeMs = apiVersion >= 1 ? body.int32() : 0;
  let nodeEndpoints: readonly NodeEndpoint[] = [];
  body.tags(
    apiVersion < CURRENT_LEADER_SINCE
      ? {}
      : { [NODE_ENDPOINTS_TAG]: () => (nodeEndpoints = readEndpoints(body)) },
  );
  return { partitions: topics.flat(), throttleTimeMs, nodeEndpoints };
}

function readPartition(body: WireReader, apiVersion: number, topic: string): PartitionProduceResponse {
  const partition = body.int32();
  const errorCode = body.int16();
  const baseOffset = body.int64();
  const logAppendTimeMs = apiVersion >= 2 ? Number(body.int64()) : -1;
  const logStartOffset = apiVersion >= 5 ? body.int64() : -1n;
  const hasRecordErrors = apiVersion >= RECORD_ERRORS_SINCE;
  const recordErrors = hasRecordErrors ? readRecordErrors(body) : [];
  const errorMessage = hasRecordErrors ? body.nullableString() : null;
  let currentLeader: CurrentLeader | null = null;
  body.tags(
    apiVersion < CURRENT_LEADER_SINCE
      ? {}
      : { [CURRENT_LEADER_TAG]: () => (currentLeader = readCurrentLeader(body)) },
  );
  return {
    topic,
    partition,
    errorCode,
    errorMessage,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors,
    currentLeader,
  };
}

function readRecordErrors(body: WireReader): PartitionProduceResponse['recordErrors'] {
  return body.array(() => {
    const recordError = { batchIndex: body.int32(), message: body.nullableString() };
    body.tags();
    return recordError;
  });
}

/** null for a leader of -1: the broker does not know it either. */
function readCurrentLeader(body: WireReader): CurrentLeader | null {
  const currentLeader = { leader: body.int32(), leaderEpoch: body.int32() };
  body.tags();
  return currentLeader.leader < 0 ? null : currentLeader;
}

function readEndpoints(body: WireReader): NodeEndpoint[] {
  return body.array(() => {
    const endpoint = {
      id: body.int32(),
      host: body.string(),
      port: body.int32(),
      rack: body.nullableString(),
    };
    body.tags();
    return endpoint;
  });
}

/** The counterpart of `readProduceResponseBody`. What the version cannot carry is left out. */
export function writeProduceResponseBody(
  writer: WireWriter,
  apiVersion: number,
  { partitions, throttleTimeMs, nodeEndpoints = [] }: ProduceResponse,
): void {
  writer.array(byTopic(partitions), ([topic, ofTopic]) => {
    writer.string(topic).array(ofTopic, (one) => writePartition(writer, apiVersion, one));
    writer.tags();
  });
  if (apiVersion >= 1) writer.int32(throttleTimeMs);
  const hasEndpoints = apiVersion >= CURRENT_LEADER_SINCE && nodeEndpoints.length > 0;
  writer.tags(
    hasEndpoints ? [{ tag: NODE_ENDPOINTS_TAG, write: (field) => writeEndpoints(field, nodeEndpoints) }] : [],
  );
}

function writePartition(writer: WireWriter, apiVersion: number, one: PartitionProduceResponse): void {
  writer.int32(one.partition).int16(one.errorCode).int64(one.baseOffset);
  if (apiVersion >= 2) writer.int64(BigInt(one.logAppendTimeMs));
  if (apiVersion >= 5) writer.int64(one.logStartOffset ?? -1n);
  if (apiVersion >= RECORD_ERRORS_SINCE) {
    writer.array(one.recordErrors, ({ batchIndex, message }) => {
      writer.int32(batchIndex).string(message).tags();
    });
    writer.string(one.errorMessage);
  }
  const { currentLeader } = one;
  if (apiVersion < CURRENT_LEADER_SINCE || currentLeader == null) return void writer.tags();
  const write = (field: WireWriter) =>
    void field.int32(currentLeader.leader).int32(currentLeader.leaderEpoch).tags();
  writer.tags([{ tag: CURRENT_LEADER_TAG, write }]);
}

function writeEndpoints(field: WireWriter, endpoints: readonly NodeEndpoint[]): void {
  field.array(endpoints, ({ id, host, port, rack }) => {
    field.int32(id).string(host).int32(port).string(rack).tags();
  });
}

/** The items of each topic, in the order in which the topics come first. */
export function byTopic<T extends { readonly topic: string }>(items: readonly T[]): [string, T[]][] {
  const topics = new Map<string, T[]>();
  for (const item of items) {
    const ofTopic = topics.get(item.topic);
    if (ofTopic === undefined) topics.set(item.topic, [item]);
    else ofTopic.push(item);
  }
  return [...topics];
}
