import type { TraceEvent } from '../../trace/trace-event';
import { formatCount, plural } from './format';

/** More than this is not drawn: the page would need more memory than a browser tab has to spare. */
export const MOST_EVENTS = 1_000_000;

export interface ReadableEvents {
  /** Sorted by time, and relative to the first: the run begins at 0 ms. */
  readonly events: readonly TraceEvent[];
  /** When the run began, in the time of the trace. */
  readonly startedMs: number;
  /** One sentence each about what was left out or put right. */
  readonly complaints: readonly string[];
}

type FieldType = 'number' | 'string' | 'bigint' | 'bigint or null' | 'boolean' | 'list';
type Fields = Readonly<Record<string, FieldType>>;

const RECORD: Fields = { record: 'number', topic: 'string' };
const BATCH: Fields = { batch: 'number', topic: 'string', partition: 'number' };
const STAMP: Fields = { producerId: 'bigint', producerEpoch: 'number', baseSequence: 'number' };
const REQUEST: Fields = { request: 'number', node: 'number', inFlight: 'number' };
const LOG: Fields = { node: 'number', topic: 'string', partition: 'number', ...STAMP };

/** What an event of each stage needs to be drawn. A stage that is missing here is not known. */
const STAGES: Readonly<Record<TraceEvent['stage'], Fields>> = {
  send: RECORD,
  intercepted: RECORD,
  serialized: { ...RECORD, keySize: 'number', valueSize: 'number' },
  partitioned: { ...RECORD, partition: 'number', by: 'string' },
  waiting: { ...RECORD, for: 'string' },
  appended: {
    ...RECORD,
    partition: 'number',
    batch: 'number',
    index: 'number',
    batchSizeInBytes: 'number',
  },
  rejected: { record: 'number', error: 'string' },
  completed: { ...RECORD, partition: 'number', batch: 'number' },
  'batch-opened': { ...BATCH, allocatedBytes: 'number', writeLimit: 'number' },
  'batch-drained': { ...BATCH, ...STAMP, reason: 'string', records: 'number', sizeInBytes: 'number' },
  'batch-completed': { ...BATCH, baseOffset: 'bigint or null', duplicate: 'boolean' },
  'batch-retried': { ...BATCH, error: 'string', attempt: 'number', backoffMs: 'number' },
  'batch-split': { ...BATCH, into: 'number' },
  'batch-failed': { ...BATCH, error: 'string' },
  memory: { availableBytes: 'number', waiting: 'number' },
  'request-sent': { ...REQUEST, batches: 'list', sizeInBytes: 'number' },
  response: REQUEST,
  'producer-id': { producerId: 'bigint', producerEpoch: 'number', reason: 'string' },
  metadata: { topic: 'string', leaders: 'list' },
  flush: { phase: 'string' },
  close: { phase: 'string' },
  'log-appended': { ...LOG, baseOffset: 'bigint', records: 'number' },
  'log-refused': { ...LOG, error: 'string' },
  fault: { what: 'string' },
  'leader-changed': { topic: 'string', partition: 'number', leader: 'number' },
  'broker-state': { node: 'number', state: 'string' },
};

/** Keeps what can be drawn of a list of anything, and says in sentences what it had to leave out. */
export function readableEvents(given: readonly unknown[]): ReadableEvents {
  const complaints: string[] = [];
  const unknownStages = new Map<string, number>();
  let damaged = 0;
  let firstDamage = '';
  const kept: TraceEvent[] = [];
  for (const event of given.length > MOST_EVENTS ? given.slice(0, MOST_EVENTS) : given) {
    const problem = problemOf(event);
    if (problem === null) kept.push(event as TraceEvent);
    else if (problem.stage !== null)
      unknownStages.set(problem.stage, (unknownStages.get(problem.stage) ?? 0) + 1);
    else if (++damaged === 1) firstDamage = problem.text;
  }
  if (given.length > MOST_EVENTS) {
    complaints.push(
      `This run has ${formatCount(given.length)} events; the first ${formatCount(MOST_EVENTS)} are shown. Record a shorter run to see its end.`,
    );
  }
  for (const [stage, count] of unknownStages) {
    complaints.push(
      `${plural(count, 'event')} of the unknown stage ${JSON.stringify(stage)} ${count === 1 ? 'is' : 'are'} not shown: this page is older than the trace.`,
    );
  }
  if (damaged > 0) {
    complaints.push(
      `${plural(damaged, 'event')} could not be read and ${damaged === 1 ? 'is' : 'are'} not shown: the first ${firstDamage}.`,
    );
  }
  return { ...fromZero(inOrder(kept, complaints)), complaints };
}

function problemOf(event: unknown): { stage: string | null; text: string } | null {
  if (typeof event !== 'object' || event === null) return { stage: null, text: 'is not an object' };
  const fields = event as Readonly<Record<string, unknown>>;
  const { stage, atMs } = fields;
  if (typeof stage !== 'string') return { stage: null, text: 'has no stage' };
  if (!Object.hasOwn(STAGES, stage)) return { stage, text: '' };
  if (typeof atMs !== 'number' || !Number.isFinite(atMs))
    return { stage: null, text: `("${stage}") has no time (atMs)` };
  for (const [name, type] of Object.entries(STAGES[stage as TraceEvent['stage']])) {
    if (!isOfType(fields[name], type)) return { stage: null, text: `("${stage}") lacks its field ${name}` };
  }
  return null;
}

function isOfType(value: unknown, type: FieldType): boolean {
  if (type === 'list') return Array.isArray(value) && value.every((one) => typeof one === 'number');
  if (type === 'bigint or null') return value === null || typeof value === 'bigint';
  if (type === 'number') return typeof value === 'number' && !Number.isNaN(value);
  return typeof value === type;
}

function inOrder(events: TraceEvent[], complaints: string[]): TraceEvent[] {
  const isSorted = events.every((event, at) => at === 0 || events[at - 1]!.atMs <= event.atMs);
  if (isSorted) return events;
  complaints.push('The events were not in the order of their times; they are shown in that order.');
  return [...events].sort((one, other) => one.atMs - other.atMs);
}

function fromZero(events: TraceEvent[]): Pick<ReadableEvents, 'events' | 'startedMs'> {
  const startedMs = events[0]?.atMs ?? 0;
  if (startedMs === 0) return { events, startedMs };
  return { events: events.map((event) => ({ ...event, atMs: event.atMs - startedMs })), startedMs };
}
