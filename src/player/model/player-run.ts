import type { TraceEvent } from '../../trace/trace-event';

/** One run as the player takes it. Only the events are needed; the rest is shown where it is known. */
export interface PlayerRun {
  readonly title: string;
  /** In the order in which they happened. */
  readonly events: readonly TraceEvent[];
  /** Of the producer, by Kafka's dotted names; draws `linger.ms` and `buffer.memory` as limits. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Bytes of a batch as they were sent last, by the number of the batch. */
  readonly bytes?: ReadonlyMap<number, Uint8Array>;
  /** Sentences about the run as a whole: where it ran, and what is only approximate. */
  readonly notes?: readonly string[];
}

/** The same as JSON: `bigint` fields are strings of digits, bytes are base64. */
export interface PlayerRunDocument {
  readonly version: 1;
  readonly title: string;
  readonly events: readonly unknown[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly bytes?: Readonly<Record<string, string>>;
  readonly notes?: readonly string[];
}

/** The fields of trace events that are a bigint, or null. */
const BIGINT_FIELDS = ['producerId', 'baseOffset', 'offset'] as const;

export function toDocument(run: PlayerRun): PlayerRunDocument {
  return {
    version: 1,
    title: run.title,
    events: run.events.map(plainEvent),
    ...(run.config === undefined ? {} : { config: run.config }),
    ...(run.bytes === undefined
      ? {}
      : { bytes: Object.fromEntries([...run.bytes].map(([batch, bytes]) => [batch, toBase64(bytes)])) }),
    ...(run.notes === undefined ? {} : { notes: run.notes }),
  };
}

/** Takes anything that was parsed from JSON; throws an Error with one sentence for what is not a run. */
export function fromDocument(document: unknown): PlayerRun {
  const { version, title, events, config, bytes, notes } = (document ?? {}) as Partial<PlayerRunDocument>;
  if (!Array.isArray(events)) {
    throw new Error('This is not a run: it has no list of trace events. Make the page or the cell again.');
  }
  if (version !== 1) {
    throw new Error(
      `This run has version ${String(version)}, and this player reads version 1. Make the page or the cell again.`,
    );
  }
  return {
    title: typeof title === 'string' ? title : 'A run without a title',
    events: events.map(eventOfPlain) as TraceEvent[],
    ...(config === undefined ? {} : { config }),
    ...(bytes === undefined
      ? {}
      : { bytes: new Map(Object.entries(bytes).map(([batch, text]) => [Number(batch), fromBase64(text)])) }),
    ...(notes === undefined ? {} : { notes }),
  };
}

function plainEvent(event: TraceEvent): unknown {
  const plain: Record<string, unknown> = { ...event };
  for (const field of BIGINT_FIELDS) {
    if (typeof plain[field] === 'bigint') plain[field] = String(plain[field]);
  }
  return plain;
}

function eventOfPlain(plain: unknown): unknown {
  if (typeof plain !== 'object' || plain === null) return plain;
  const event: Record<string, unknown> = { ...plain };
  for (const field of BIGINT_FIELDS) {
    const value = event[field];
    if (typeof value === 'string' && /^-?\d+$/.test(value)) event[field] = BigInt(value);
  }
  return event;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
