import { WireReader, WireWriter } from './wire';

/** Kinds of requests that a fault can be aimed at, with their numbers in the protocol. */
export const API_KEYS = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  FindCoordinator: 10,
  ApiVersions: 18,
  CreateTopics: 19,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  EndTxn: 26,
} as const;

export type RequestKind = keyof typeof API_KEYS;

/** First version of each kind with the flexible format; from then on the headers have tagged fields, too. */
const FIRST_FLEXIBLE_VERSION: Readonly<Record<number, number>> = {
  [API_KEYS.Produce]: 9,
  [API_KEYS.Fetch]: 12,
  [API_KEYS.ListOffsets]: 6,
  [API_KEYS.Metadata]: 9,
  [API_KEYS.FindCoordinator]: 3,
  [API_KEYS.ApiVersions]: 3,
  [API_KEYS.CreateTopics]: 5,
  [API_KEYS.InitProducerId]: 2,
  [API_KEYS.AddPartitionsToTxn]: 3,
  [API_KEYS.EndTxn]: 3,
};

/** From version 13 on Produce names topics by id; the proxy would not know which topic it sees (see limitVersions). */
export const MAX_PRODUCE_VERSION = 12;

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly flexible: boolean;
}

export function readRequestHeader(frame: Buffer): RequestHeader {
  const { header } = openRequest(frame);
  return header;
}

export function openRequest(frame: Buffer): { header: RequestHeader; body: WireReader } {
  const fixed = new WireReader(frame, { offset: 4 });
  const apiKey = fixed.int16();
  const apiVersion = fixed.int16();
  const flexible = apiVersion >= (FIRST_FLEXIBLE_VERSION[apiKey] ?? Infinity);
  const header = {
    apiKey,
    apiVersion,
    correlationId: fixed.int32(),
    clientId: fixed.classicString(),
    flexible,
  };
  const body = new WireReader(frame, { offset: fixed.offset, flexible });
  body.tags();
  return { header, body };
}

/** The header of a response; ApiVersions keeps the classic one, so that a client of any age can read it. */
export function openResponse(frame: Buffer, { apiKey, flexible }: RequestHeader): WireReader {
  const body = new WireReader(frame, { offset: 8, flexible });
  if (apiKey !== API_KEYS.ApiVersions) body.tags();
  return body;
}

export function startResponse({ apiKey, correlationId, flexible }: RequestHeader): WireWriter {
  const writer = new WireWriter({ flexible }).int32(correlationId);
  return apiKey === API_KEYS.ApiVersions ? writer : writer.tags();
}

export function writeInitProducerIdError(header: RequestHeader, errorCode: number): Buffer {
  const writer = startResponse(header).int32(0).int16(errorCode).int64(-1n).int16(-1);
  // Version 6 adds the transaction that a two-phase commit has under way (KIP-939).
  if (header.apiVersion >= 6) writer.int64(-1n).int16(-1);
  return writer.tags().frame();
}

/** An ApiVersions response that offers no version of Produce beyond what the proxy can read. */
export function limitVersions(frame: Buffer, header: RequestHeader): Buffer {
  const body = openResponse(frame, header);
  if (body.int16() !== 0) return frame;
  const limited = Buffer.from(frame);
  body.array(() => {
    const apiKey = body.int16();
    body.int16();
    const maxVersionAt = body.offset;
    const maxVersion = body.int16();
    if (apiKey === API_KEYS.Produce && maxVersion > MAX_PRODUCE_VERSION) {
      limited.writeInt16BE(MAX_PRODUCE_VERSION, maxVersionAt);
    }
    body.tags();
  });
  return limited;
}
