import type { BatchTraceEvent, RecordTraceEvent, TraceEvent } from '../../trace/trace-event';
import { formatBytes, formatCount, formatMs, listing, ordinal, plural } from './format';
import type { RunIndex } from './run-index';

/** What kind of news an event is; decides its mark in the text and on the time line. */
export type EventTone = 'usual' | 'sent' | 'good' | 'trouble' | 'bad';

export function toneOf(event: TraceEvent): EventTone {
  switch (event.stage) {
    case 'request-sent':
      return 'sent';
    case 'batch-completed':
    case 'log-appended':
      return 'good';
    case 'completed':
      return (event.error ?? null) === null ? 'good' : 'bad';
    case 'response':
      return (event.error ?? null) === null ? 'good' : 'trouble';
    case 'batch-retried':
    case 'batch-split':
    case 'log-refused':
    case 'fault':
    case 'leader-changed':
      return 'trouble';
    case 'waiting':
      // Every first record waits for metadata; that is nothing unusual.
      return event.for === 'memory' ? 'trouble' : 'usual';
    case 'producer-id':
      return event.reason === 'bumped' ? 'trouble' : 'usual';
    case 'broker-state':
      return event.state === 'stopped' ? 'trouble' : 'good';
    case 'rejected':
    case 'batch-failed':
      return 'bad';
    default:
      return 'usual';
  }
}

/** The event at this position of the run, as one sentence in plain words. */
export function describeEvent(event: TraceEvent, index: RunIndex, position: number): string {
  if ('record' in event) return describeRecord(event);
  if ('batch' in event) return describeBatch(event);
  switch (event.stage) {
    case 'memory':
      return `buffer.memory: ${formatBytes(Math.max(0, index.totalMemory - event.availableBytes))} of ${formatBytes(index.totalMemory)} in use${event.waiting === 0 ? '.' : `; ${plural(event.waiting, 'call')} of send() ${event.waiting === 1 ? 'waits' : 'wait'}.`}`;
    case 'request-sent': {
      const batches = `${event.batches.length === 1 ? 'batch' : 'batches'} ${listing(event.batches)}`;
      return `Request ${event.request} leaves for broker ${event.node} with ${batches} (${formatBytes(event.sizeInBytes)}); ${plural(event.inFlight, 'request')} in flight there.`;
    }
    case 'response':
      return (event.error ?? null) === null
        ? `The response to request ${event.request} arrives from broker ${event.node}.`
        : `Request ${event.request} to broker ${event.node} ends without a response: ${event.error}`;
    case 'producer-id':
      return event.reason === 'assigned'
        ? `A broker assigns producer id ${event.producerId}, epoch ${event.producerEpoch}.`
        : `The producer bumps its epoch to ${event.producerEpoch}: sequence numbers begin at 0 again.`;
    case 'metadata':
      return `The producer learns the leaders of topic ${event.topic}: ${event.leaders.map((leader, partition) => `partition ${partition} on ${leader < 0 ? 'no broker' : `broker ${leader}`}`).join(', ')}.`;
    case 'flush':
      return event.phase === 'begin'
        ? 'flush() is called: every batch may leave now.'
        : 'flush() resolves: all records so far are done.';
    case 'close':
      return event.phase === 'begin' ? 'close() is called.' : 'close() resolves.';
    case 'fault':
      return `Fault: ${event.what}.`;
    case 'leader-changed':
      return event.leader < 0
        ? `Partition ${event.partition} of ${event.topic} loses its leader.`
        : `Broker ${event.leader} becomes the leader of partition ${event.partition}.`;
    case 'broker-state':
      return event.state === 'stopped' ? `Broker ${event.node} stops.` : `Broker ${event.node} is up again.`;
    case 'log-appended':
    case 'log-refused':
      return describeLog(event, index, position);
  }
}

function describeRecord(event: RecordTraceEvent): string {
  const { record } = event;
  switch (event.stage) {
    case 'send':
      return `send() is called with record ${record}.`;
    case 'intercepted':
      return `The interceptors have seen record ${record}.`;
    case 'serialized':
      return `Record ${record} is serialized: ${event.keySize <= 0 ? 'no key' : `key ${formatBytes(event.keySize)}`}, value ${event.valueSize < 0 ? 'null' : formatBytes(event.valueSize)}.`;
    case 'partitioned':
      return `Record ${record} goes to partition ${event.partition}: ${PARTITIONED_BY[event.by] ?? event.by}.`;
    case 'waiting':
      return event.for === 'memory'
        ? `send() of record ${record} waits: there is no free buffer.memory.`
        : `send() of record ${record} waits for the metadata of its topic.`;
    case 'appended':
      return `Record ${record} becomes the ${ordinal(event.index + 1)} record of batch ${event.batch} (partition ${event.partition}), now ${formatBytes(event.batchSizeInBytes)}.`;
    case 'rejected':
      return `send() of record ${record} fails, the record is in no batch: ${event.error}`;
    case 'completed':
      return (event.error ?? null) === null
        ? `The callback of record ${record} runs: partition ${event.partition}${event.offset === null || event.offset === undefined ? ', offset unknown' : `, offset ${event.offset}`}.`
        : `The callback of record ${record} gets an error: ${event.error}`;
  }
}

const PARTITIONED_BY: Readonly<Record<string, string>> = {
  record: 'the record names it',
  key: 'the hash of its key says so',
  partitioner: 'the custom partitioner chose it',
  sticky: 'it has no key, and this is the sticky partition',
};

/** Why a batch left the accumulator, to stand after "because". */
export const DRAIN_REASONS: Readonly<Record<string, string>> = {
  full: 'it is full',
  linger: 'linger.ms is over',
  memory: 'somebody waits for memory',
  flush: 'flush() was called',
  close: 'the producer is closing',
  retry: 'its retry backoff is over',
  along: 'its broker is getting a request anyway',
};

function describeBatch(event: BatchTraceEvent): string {
  const name = `Batch ${event.batch}`;
  switch (event.stage) {
    case 'batch-opened':
      return event.allocatedBytes === 0
        ? `${name} is made for partition ${event.partition}, as a piece of a batch that was split.`
        : `${name} is opened for partition ${event.partition} and takes ${formatBytes(event.allocatedBytes)} of buffer.memory.`;
    case 'batch-drained': {
      const stamp =
        event.producerId >= 0n ? `, epoch ${event.producerEpoch}, sequence ${event.baseSequence}` : '';
      const attempt = event.attempt === 0 ? '' : ` This is retry ${event.attempt}.`;
      return `${name} leaves the accumulator because ${DRAIN_REASONS[event.reason] ?? event.reason}: ${plural(event.records, 'record')}, ${formatBytes(event.sizeInBytes)}${stamp}.${attempt}`;
    }
    case 'batch-completed':
      if (event.duplicate) return `${name} is acknowledged as a duplicate: the broker had it already.`;
      return event.baseOffset === null
        ? `${name} counts as done; no broker says where it is.`
        : `${name} is acknowledged: it begins at offset ${event.baseOffset} of partition ${event.partition}.`;
    case 'batch-retried':
      return `${name} goes back to the front of its queue for a retry in ${formatMs(event.backoffMs)}, because of ${errorName(event.error)}.`;
    case 'batch-split':
      return `${name} is too large for the broker and is split into ${plural(event.into, 'batch', 'batches')}${event.pieces === undefined ? '' : `: ${listing(event.pieces)}`}.`;
    case 'batch-failed':
      return `${name} fails${FAILED_FOR[event.reason] ?? ''}: ${event.error}`;
  }
}

/** "NOT_ENOUGH_REPLICAS: A batch of …" → its name; a text without a name stays whole. */
function errorName(error: string): string {
  return /^[A-Z][A-Z_]+(?=:)/.exec(error)?.[0] ?? error.replace(/\.$/, '');
}

const FAILED_FOR: Readonly<Record<string, string>> = {
  refused: ', refused by the broker',
  expired: ', because delivery.timeout.ms is over',
  unsent: ', not sent: its broker refuses the client',
  aborted: ', because the producer was closed or failed',
};

function describeLog(
  event: Extract<TraceEvent, { stage: 'log-appended' | 'log-refused' }>,
  index: RunIndex,
  position: number,
): string {
  const batch = index.batchOfLogEvent.get(position)?.batch ?? -1;
  const what = batch === -1 ? `a batch` : `batch ${batch}`;
  const place = `partition ${event.partition}`;
  if (event.stage === 'log-refused') {
    return event.error === 'DUPLICATE'
      ? `Broker ${event.node} knows ${what} already (epoch ${event.producerEpoch}, sequence ${event.baseSequence}) and does not write it a second time.`
      : `Broker ${event.node} refuses ${what} for ${place}: ${event.error}.`;
  }
  const last = event.baseOffset + BigInt(event.records - 1);
  const offsets =
    event.records === 1 ? `offset ${event.baseOffset}` : `offsets ${event.baseOffset} to ${last}`;
  const entry = index.logEntries.get(position);
  const repeat = entry?.isRepeat === true ? ' These records are in the log twice now.' : '';
  return `Broker ${event.node} writes ${what} (${plural(event.records, 'record')}) into the log of ${place} at ${offsets}.${repeat}`;
}

/** A stage of many events as a heading: "1,204 events". */
export function describePosition(position: number, total: number): string {
  return `event ${formatCount(position)} of ${formatCount(total)}`;
}
