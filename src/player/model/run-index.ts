import type { BatchTraceEvent, RecordTraceEvent, TraceEvent } from '../../trace/trace-event';

/** Positions are places in the list of events; -1 means "did not happen". */
export interface RecordEntry {
  readonly record: number;
  topic: string;
  partition: number;
  /** The batch that it was appended to first; a piece of it may have carried it in the end. */
  batch: number;
  sentAt: number;
  appendedAt: number;
  rejectedAt: number;
  completedAt: number;
  /** Its callback ran without an error. */
  isAcknowledged: boolean;
  offset: bigint | null;
  error: string | null;
}

export interface BatchEntry {
  readonly batch: number;
  readonly topic: string;
  readonly partition: number;
  openedAt: number;
  /** In the order in which they were appended, with the position of each. */
  readonly records: number[];
  readonly appendedAt: number[];
  readonly drainedAt: number[];
  readonly requests: number[];
  endedAt: number;
  /** The batch that this one is a piece of, or -1. */
  parent: number;
}

export interface RequestEntry {
  readonly request: number;
  readonly node: number;
  readonly batches: readonly number[];
  readonly sentAt: number;
  responseAt: number;
  /** Where the broker wrote or refused its first batch. */
  brokerAt: number;
}

/** One entry of a partition's log. */
export interface LogEntry {
  readonly position: number;
  readonly node: number;
  readonly baseOffset: bigint;
  readonly records: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** The producer's number of the batch; -1 where it cannot be told. */
  readonly batch: number;
  readonly request: number;
  /** The same batch is in this log already: a record is written twice. */
  readonly isRepeat: boolean;
  /** Records in the log, this entry's included. */
  readonly recordsSoFar: number;
}

interface Sending {
  readonly batch: number;
  readonly request: number;
  readonly node: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  isWritten: boolean;
}

type Drained = Extract<TraceEvent, { stage: 'batch-drained' }>;

/** Where everything of a run is found: built once, in one pass over the events. */
export class RunIndex {
  readonly records = new Map<number, RecordEntry>();
  readonly batches = new Map<number, BatchEntry>();
  readonly requests = new Map<number, RequestEntry>();
  /** By `topic-partition`. */
  readonly logs = new Map<string, LogEntry[]>();
  /** By the position of its event. */
  readonly logEntries = new Map<number, LogEntry>();
  /** Batch that a log event at this position is about. */
  readonly batchOfLogEvent = new Map<number, { batch: number; request: number }>();
  /** The run tells what the brokers wrote; otherwise the responses have to do. */
  readonly hasLogEvents: boolean;
  readonly endMs: number;
  /** `buffer.memory`, as far as the events tell: what was ever free, or free and taken before the first was given back. */
  readonly totalMemory: number;
  readonly nodes: readonly number[];
  readonly #sendings = new Map<string, Sending[]>();
  readonly #written = new Set<string>();
  readonly #drained = new Map<number, Drained>();

  constructor(readonly events: readonly TraceEvent[]) {
    this.hasLogEvents = events.some(({ stage }) => stage === 'log-appended');
    this.endMs = events[events.length - 1]?.atMs ?? 0;
    let totalMemory = 0;
    let allocated = 0;
    let isReturned = false;
    const nodes = new Set<number>();
    events.forEach((event, position) => {
      this.#take(event, position);
      if (event.stage === 'batch-opened') allocated += event.allocatedBytes;
      if (event.stage === 'batch-completed' || event.stage === 'batch-failed') isReturned = true;
      if (event.stage === 'memory')
        totalMemory = Math.max(totalMemory, event.availableBytes + (isReturned ? 0 : allocated));
      if ('node' in event && event.node !== null) nodes.add(event.node);
      if (event.stage === 'metadata') for (const leader of event.leaders) if (leader >= 0) nodes.add(leader);
    });
    this.totalMemory = totalMemory;
    this.nodes = [...nodes].sort((one, other) => one - other);
  }

  /** How many events have happened by this time, those of this very moment included. */
  positionAt(timeMs: number): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle]!.atMs <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The records that a batch carries; those of a piece are found through the batch that was split. */
  recordsOf(batch: number): readonly number[] {
    const entry = this.batches.get(batch);
    if (entry === undefined) return [];
    if (entry.records.length > 0 || entry.parent === -1) return entry.records;
    const siblings = [...this.batches.values()].filter(({ parent }) => parent === entry.parent);
    const before = siblings.filter((one) => one.batch < batch);
    const from = before.reduce((sum, one) => sum + (this.#drained.get(one.batch)?.records ?? 0), 0);
    const own = this.#drained.get(batch)?.records ?? 0;
    return this.recordsOf(entry.parent).slice(from, from + own);
  }

  #take(event: TraceEvent, position: number): void {
    if ('record' in event) this.#takeRecord(event, position);
    else if ('batch' in event) this.#takeBatch(event, position);
    else if ('request' in event) this.#takeRequest(event, position);
    else if (event.stage === 'log-appended' || event.stage === 'log-refused') this.#takeLog(event, position);
  }

  #takeRecord(event: RecordTraceEvent, position: number): void {
    const entry = this.records.get(event.record) ?? emptyRecord(event.record, event.topic);
    this.records.set(event.record, entry);
    if (event.stage === 'send') entry.sentAt = position;
    if (event.stage === 'partitioned') entry.partition = event.partition;
    if (event.stage === 'rejected') {
      entry.rejectedAt = position;
      entry.error = event.error;
    }
    if (event.stage === 'appended') {
      entry.appendedAt = position;
      entry.partition = event.partition;
      entry.batch = event.batch;
      const batch = this.#batch(event, position);
      batch.records.push(event.record);
      batch.appendedAt.push(position);
    }
    if (event.stage === 'completed') {
      entry.completedAt = position;
      entry.isAcknowledged = event.error === null || event.error === undefined;
      entry.offset = event.offset ?? null;
      entry.error = event.error ?? null;
    }
  }

  #takeBatch(event: BatchTraceEvent, position: number): void {
    const batch = this.#batch(event, position);
    if (event.stage === 'batch-opened') batch.openedAt = position;
    if (event.stage === 'batch-drained') {
      batch.drainedAt.push(position);
      this.#drained.set(event.batch, event);
    }
    if (event.stage === 'batch-split') {
      for (const piece of event.pieces ?? [])
        this.#batch({ ...event, batch: piece }, position).parent = event.batch;
    }
    const hasEnded =
      event.stage === 'batch-completed' || event.stage === 'batch-failed' || event.stage === 'batch-split';
    if (hasEnded) batch.endedAt = position;
    if (event.stage === 'batch-completed' && !this.hasLogEvents && !event.duplicate)
      this.#logFromResponse(event, position);
  }

  #takeRequest(event: Extract<TraceEvent, { request: number }>, position: number): void {
    if (event.stage === 'response') {
      const entry = this.requests.get(event.request);
      if (entry !== undefined) entry.responseAt = position;
      return;
    }
    const { request, node, batches } = event;
    this.requests.set(request, { request, node, batches, sentAt: position, responseAt: -1, brokerAt: -1 });
    for (const batch of batches) {
      const drained = this.#drained.get(batch);
      if (drained === undefined) continue;
      this.batches.get(batch)?.requests.push(request);
      const { topic, partition, producerId, producerEpoch, baseSequence } = drained;
      const key = partitionName(topic, partition);
      const sending = { batch, request, node, producerId, producerEpoch, baseSequence, isWritten: false };
      this.#sendings.set(key, [...(this.#sendings.get(key) ?? []).slice(-50), sending]);
    }
  }

  #takeLog(event: Extract<TraceEvent, { stage: 'log-appended' | 'log-refused' }>, position: number): void {
    const name = partitionName(event.topic, event.partition);
    const sendings = this.#sendings.get(name) ?? [];
    const fits = (one: Sending) =>
      one.producerId === event.producerId &&
      one.producerEpoch === event.producerEpoch &&
      one.baseSequence === event.baseSequence;
    const open = sendings.filter((one) => !one.isWritten && one.node === event.node && fits(one));
    // A request that has failed already may have been lost on its way: one that is still in flight is likelier.
    const sending = open.find((one) => this.requests.get(one.request)?.responseAt === -1) ?? open[0];
    if (sending !== undefined) {
      sending.isWritten = true;
      this.batchOfLogEvent.set(position, { batch: sending.batch, request: sending.request });
      const request = this.requests.get(sending.request);
      if (request?.brokerAt === -1) request.brokerAt = position;
    }
    if (event.stage === 'log-refused') return;
    const { node, baseOffset, records, producerId, producerEpoch, baseSequence } = event;
    const batch = sending?.batch ?? -1;
    const log = this.#log(name);
    const isRepeat = batch !== -1 && this.#written.has(`${name}/${batch}`);
    const entry: LogEntry = {
      position,
      node,
      baseOffset,
      records,
      producerId,
      producerEpoch,
      baseSequence,
      batch,
      request: sending?.request ?? -1,
      isRepeat,
      recordsSoFar: (log[log.length - 1]?.recordsSoFar ?? 0) + records,
    };
    log.push(entry);
    this.logEntries.set(position, entry);
    if (batch !== -1) this.#written.add(`${name}/${batch}`);
  }

  #logFromResponse(event: Extract<TraceEvent, { stage: 'batch-completed' }>, position: number): void {
    const drained = this.#drained.get(event.batch);
    if (drained === undefined || event.baseOffset === null) return;
    const request = this.batches.get(event.batch)?.requests.slice(-1)[0] ?? -1;
    const log = this.#log(partitionName(event.topic, event.partition));
    log.push({
      position,
      node: this.requests.get(request)?.node ?? -1,
      baseOffset: event.baseOffset,
      records: drained.records,
      producerId: drained.producerId,
      producerEpoch: drained.producerEpoch,
      baseSequence: drained.baseSequence,
      batch: event.batch,
      request,
      isRepeat: false,
      recordsSoFar: (log[log.length - 1]?.recordsSoFar ?? 0) + drained.records,
    });
  }

  #log(name: string): LogEntry[] {
    let log = this.logs.get(name);
    if (log === undefined) this.logs.set(name, (log = []));
    return log;
  }

  #batch(event: { batch: number; topic: string; partition: number }, position: number): BatchEntry {
    let batch = this.batches.get(event.batch);
    if (batch === undefined) {
      batch = {
        batch: event.batch,
        topic: event.topic,
        partition: event.partition,
        openedAt: position,
        records: [],
        appendedAt: [],
        drainedAt: [],
        requests: [],
        endedAt: -1,
        parent: -1,
      };
      this.batches.set(event.batch, batch);
    }
    return batch;
  }
}

export function partitionName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

function emptyRecord(record: number, topic: string): RecordEntry {
  return {
    record,
    topic,
    partition: -1,
    batch: -1,
    sentAt: -1,
    appendedAt: -1,
    rejectedAt: -1,
    completedAt: -1,
    isAcknowledged: false,
    offset: null,
    error: null,
  };
}
