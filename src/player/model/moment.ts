import type { BatchTraceEvent, RecordTraceEvent, TraceEvent } from '../../trace/trace-event';

/** A batch that is not finished: in the accumulator or in flight. Never changed, only replaced. */
export interface BatchView {
  readonly batch: number;
  readonly topic: string;
  readonly partition: number;
  readonly openedMs: number;
  readonly records: number;
  readonly sizeInBytes: number;
  readonly writeLimit: number;
  readonly allocatedBytes: number;
  /** `closed`: takes no further record, waits for the sender. `drained`: on its way into a request. */
  readonly state: 'open' | 'closed' | 'drained' | 'in flight' | 'backoff';
  readonly attempt: number;
  readonly reason: string | null;
  readonly stamp: {
    readonly producerId: bigint;
    readonly producerEpoch: number;
    readonly baseSequence: number;
  } | null;
  readonly retryAtMs: number;
  readonly error: string | null;
  readonly isPiece: boolean;
}

export interface RequestView {
  readonly request: number;
  readonly node: number;
  readonly sentMs: number;
  readonly batches: readonly number[];
  readonly sizeInBytes: number;
}

export interface RefusalView {
  readonly position: number;
  readonly atMs: number;
  readonly error: string;
  readonly baseSequence: number;
  readonly producerEpoch: number;
}

export interface Counts {
  readonly sends: number;
  readonly rejected: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly requests: number;
  readonly batchesSent: number;
  readonly retries: number;
  readonly epochBumps: number;
  readonly splits: number;
  readonly expired: number;
  readonly faults: number;
}

/** Everything that is true after a number of events. */
export interface Moment {
  /** Events that have happened. */
  position: number;
  timeMs: number;
  counts: Counts;
  batches: Map<number, BatchView>;
  requests: Map<number, RequestView>;
  /** send() has begun, and is neither appended nor rejected: number of the record → what it waits for. */
  sending: Map<number, 'metadata' | 'memory' | null>;
  memory: { readonly availableBytes: number; readonly waiting: number } | null;
  producer: { readonly id: bigint; readonly epoch: number } | null;
  /** By topic; the index is the partition, -1: no leader. */
  leaders: Map<string, readonly number[]>;
  stoppedNodes: Set<number>;
  refusals: Map<string, RefusalView>;
  lastFault: { readonly position: number; readonly atMs: number; readonly what: string } | null;
  isFlushing: boolean;
  closing: 'no' | 'begun' | 'done';
}

const NOTHING_COUNTED: Counts = {
  sends: 0,
  rejected: 0,
  acknowledged: 0,
  failed: 0,
  requests: 0,
  batchesSent: 0,
  retries: 0,
  epochBumps: 0,
  splits: 0,
  expired: 0,
  faults: 0,
};

export function firstMoment(): Moment {
  return {
    position: 0,
    timeMs: 0,
    counts: NOTHING_COUNTED,
    batches: new Map(),
    requests: new Map(),
    sending: new Map(),
    memory: null,
    producer: null,
    leaders: new Map(),
    stoppedNodes: new Set(),
    refusals: new Map(),
    lastFault: null,
    isFlushing: false,
    closing: 'no',
  };
}

/** A copy that can be moved on without changing the original. What is in the maps is never changed, so it is shared. */
export function copyOf(moment: Moment): Moment {
  return {
    ...moment,
    batches: new Map(moment.batches),
    requests: new Map(moment.requests),
    sending: new Map(moment.sending),
    leaders: new Map(moment.leaders),
    stoppedNodes: new Set(moment.stoppedNodes),
    refusals: new Map(moment.refusals),
  };
}

/** Moves a moment on by its next event. */
export function apply(moment: Moment, event: TraceEvent): void {
  moment.position++;
  moment.timeMs = event.atMs;
  if ('record' in event) applyRecord(moment, event);
  else if ('batch' in event) applyBatch(moment, event);
  else if ('request' in event) applyRequest(moment, event);
  else applyRest(moment, event);
}

function count(moment: Moment, name: keyof Counts, by = 1): void {
  moment.counts = { ...moment.counts, [name]: moment.counts[name] + by };
}

function applyRecord(moment: Moment, event: RecordTraceEvent): void {
  switch (event.stage) {
    case 'send':
      count(moment, 'sends');
      moment.sending.set(event.record, null);
      break;
    case 'waiting':
      moment.sending.set(event.record, event.for);
      break;
    case 'appended':
      moment.sending.delete(event.record);
      updateBatch(moment, event, { records: event.index + 1, sizeInBytes: event.batchSizeInBytes });
      break;
    case 'rejected':
      moment.sending.delete(event.record);
      count(moment, 'rejected');
      break;
    case 'completed':
      count(moment, (event.error ?? null) === null ? 'acknowledged' : 'failed');
      break;
    case 'intercepted':
    case 'serialized':
    case 'partitioned':
      break;
  }
}

function applyBatch(moment: Moment, event: BatchTraceEvent): void {
  switch (event.stage) {
    case 'batch-opened':
      closeOpenBatches(moment, event);
      updateBatch(moment, event, {
        openedMs: event.atMs,
        writeLimit: event.writeLimit,
        allocatedBytes: event.allocatedBytes,
        isPiece: event.allocatedBytes === 0,
      });
      break;
    case 'batch-drained':
      count(moment, 'batchesSent');
      updateBatch(moment, event, {
        state: 'drained',
        records: event.records,
        sizeInBytes: event.sizeInBytes,
        attempt: event.attempt,
        reason: event.reason,
        stamp: event,
      });
      break;
    case 'batch-retried':
      count(moment, 'retries');
      updateBatch(moment, event, {
        state: 'backoff',
        error: event.error,
        retryAtMs: event.atMs + event.backoffMs,
      });
      break;
    case 'batch-split':
      count(moment, 'splits');
      moment.batches.delete(event.batch);
      break;
    case 'batch-failed':
      if (event.reason === 'expired') count(moment, 'expired');
      moment.batches.delete(event.batch);
      break;
    case 'batch-completed':
      moment.batches.delete(event.batch);
      break;
  }
}

function applyRequest(moment: Moment, event: Extract<TraceEvent, { request: number }>): void {
  if (event.stage === 'response') {
    moment.requests.delete(event.request);
    return;
  }
  count(moment, 'requests');
  const { request, node, batches, sizeInBytes, atMs } = event;
  moment.requests.set(request, { request, node, batches, sizeInBytes, sentMs: atMs });
  for (const batch of batches) {
    const view = moment.batches.get(batch);
    if (view !== undefined) moment.batches.set(batch, { ...view, state: 'in flight' });
  }
}

type Rest = Exclude<TraceEvent, RecordTraceEvent | BatchTraceEvent | { request: number }>;

function applyRest(moment: Moment, event: Rest): void {
  switch (event.stage) {
    case 'memory':
      moment.memory = event;
      break;
    case 'producer-id':
      if (event.reason === 'bumped') count(moment, 'epochBumps');
      moment.producer = { id: event.producerId, epoch: event.producerEpoch };
      break;
    case 'metadata':
      moment.leaders.set(event.topic, event.leaders);
      break;
    case 'flush':
      moment.isFlushing = event.phase === 'begin';
      break;
    case 'close':
      moment.closing = event.phase === 'begin' ? 'begun' : 'done';
      break;
    case 'log-refused':
      moment.refusals.set(`${event.topic}-${event.partition}`, {
        position: moment.position,
        atMs: event.atMs,
        error: event.error,
        baseSequence: event.baseSequence,
        producerEpoch: event.producerEpoch,
      });
      break;
    case 'fault':
      count(moment, 'faults');
      moment.lastFault = { position: moment.position, atMs: event.atMs, what: event.what };
      break;
    case 'broker-state':
      if (event.state === 'stopped') moment.stoppedNodes.add(event.node);
      else moment.stoppedNodes.delete(event.node);
      break;
    case 'log-appended':
    case 'leader-changed':
      break;
  }
}

/** A partition has one open batch: opening the next closes the one before. */
function closeOpenBatches(
  moment: Moment,
  { topic, partition, batch }: { topic: string; partition: number; batch: number },
): void {
  for (const view of moment.batches.values()) {
    if (view.state !== 'open' || view.partition !== partition || view.topic !== topic) continue;
    if (view.batch !== batch) moment.batches.set(view.batch, { ...view, state: 'closed' });
  }
}

/** Also makes the batch, for a trace whose beginning is missing. */
function updateBatch(
  moment: Moment,
  event: { batch: number; topic: string; partition: number; atMs: number },
  change: Partial<BatchView>,
): void {
  const before = moment.batches.get(event.batch) ?? {
    batch: event.batch,
    topic: event.topic,
    partition: event.partition,
    openedMs: event.atMs,
    records: 0,
    sizeInBytes: 0,
    writeLimit: 0,
    allocatedBytes: 0,
    state: 'open',
    attempt: 0,
    reason: null,
    stamp: null,
    retryAtMs: 0,
    error: null,
    isPiece: false,
  };
  moment.batches.set(event.batch, { ...before, ...change });
}
