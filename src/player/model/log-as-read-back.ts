import type { TraceEvent } from '../../trace/trace-event';
import { partitionName } from './run-index';

/** A batch of a real broker's log, as it was read back afterwards. */
export interface BatchReadBack {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly records: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly bytes?: Uint8Array;
}

interface Sending {
  readonly batch: number;
  readonly node: number;
  readonly records: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly sentMs: number;
  endMs: number;
  /** Where the broker said that it put the batch. */
  baseOffset: bigint | null;
  isTaken: boolean;
}

/**
 * The events of a run on a real broker, with what its log holds. When the broker wrote a batch is not known: half way
 * between the request and its end is shown. `bytes` has the stored bytes of each batch, by its number.
 */
export function withLogAsReadBack(
  events: readonly TraceEvent[],
  log: readonly BatchReadBack[],
): { readonly events: readonly TraceEvent[]; readonly bytes: ReadonlyMap<number, Uint8Array> } {
  const sendings = sendingsOf(events);
  const bytes = new Map<number, Uint8Array>();
  const written: TraceEvent[] = [];
  for (const { bytes: stored, ...entry } of log) {
    const candidates = sendings.get(partitionName(entry.topic, entry.partition)) ?? [];
    const sending = sendingOf(entry, candidates);
    if (sending === undefined) continue; // written by somebody else
    sending.isTaken = true;
    if (stored !== undefined) bytes.set(sending.batch, stored);
    const atMs = (sending.sentMs + sending.endMs) / 2;
    written.push({ stage: 'log-appended', atMs, node: sending.node, ...entry });
  }
  const all = [...events, ...written];
  // Stable: of the same time, what the producer said comes first.
  return { events: all.sort((one, other) => one.atMs - other.atMs), bytes };
}

function sendingsOf(events: readonly TraceEvent[]): Map<string, Sending[]> {
  const sendings = new Map<string, Sending[]>();
  const drained = new Map<number, Extract<TraceEvent, { stage: 'batch-drained' }>>();
  const byRequest = new Map<number, Sending[]>();
  const last = new Map<number, Sending>();
  for (const event of events) {
    if (event.stage === 'batch-drained') drained.set(event.batch, event);
    if (event.stage === 'response') {
      for (const sending of byRequest.get(event.request) ?? []) sending.endMs = event.atMs;
    }
    if (event.stage === 'batch-completed') {
      const sending = last.get(event.batch);
      if (sending !== undefined) sending.baseOffset = event.baseOffset;
    }
    if (event.stage !== 'request-sent') continue;
    for (const batch of event.batches) {
      const sent = drained.get(batch);
      if (sent === undefined) continue;
      const { records, producerId, producerEpoch, baseSequence } = sent;
      const sending: Sending = {
        batch,
        node: event.node,
        records,
        producerId,
        producerEpoch,
        baseSequence,
        sentMs: event.atMs,
        endMs: event.atMs,
        baseOffset: null,
        isTaken: false,
      };
      last.set(batch, sending);
      push(byRequest, event.request, sending);
      push(sendings, partitionName(sent.topic, sent.partition), sending);
    }
  }
  return sendings;
}

/** With sequence numbers: the first sending that has them. Without: the one that was told this offset, else the first that may be it. */
function sendingOf(entry: BatchReadBack, candidates: readonly Sending[]): Sending | undefined {
  const fits = candidates.filter(
    (one) =>
      one.records === entry.records &&
      one.producerId === entry.producerId &&
      one.producerEpoch === entry.producerEpoch &&
      one.baseSequence === entry.baseSequence,
  );
  if (entry.producerId >= 0n) return fits.find(({ isTaken }) => !isTaken) ?? fits[0];
  const free = fits.filter(({ isTaken }) => !isTaken);
  return (
    free.find(({ baseOffset }) => baseOffset === entry.baseOffset) ??
    free.find(({ baseOffset }) => baseOffset === null)
  );
}

function push<Key>(map: Map<Key, Sending[]>, key: Key, sending: Sending): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [sending]);
  else list.push(sending);
}
