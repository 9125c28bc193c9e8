import { errorCodeName } from '../protocol/error-codes';
import { decodeRecordBatches } from '../protocol/record-batch-decoder';
import type { BrokenInvariant } from './invariants/invariant';
import type {
  ObservedBatch,
  ObservedLookup,
  ObservedRequest,
  ProducerRecord,
  RunRecord,
  SentRecord,
} from './run-record';
import { LEFT_OUT } from './run-observed-network';
import { listOfNames } from './story-event';
import type { Place, StoryEvent } from './story-event';
import { nameOf } from './workload-records';

/** Everything of a run that a story may tell, in the order of time. */
export function storyEvents(run: RunRecord): StoryEvent[] {
  const events = [
    ...run.producers.flatMap((producer) => [
      ...sends(producer),
      ...calls(producer),
      ...told(producer),
      ...producer.requests.flatMap((request) => requestEvents(producer, request)),
      ...lookupEvents(producer),
    ]),
    ...traced(run),
  ];
  // Stable: what was noted first at a time stays first.
  return events.sort((a, b) => a.atMs - b.atMs || rank(a) - rank(b));
}

/** At one moment calls come before what they lead to. */
function rank({ from, to }: StoryEvent): number {
  if (from.is === 'code') return 0;
  if (from.is === 'producer' && to.is === 'broker') return 1;
  return to.is === 'code' ? 3 : 2;
}

const codeOf = ({ index }: ProducerRecord): Place => ({ is: 'code', producer: index });
const placeOf = ({ index }: ProducerRecord): Place => ({ is: 'producer', producer: index });

// ---- your code -------------------------------------------------------------------------------------------------------

/** Records that are sent alike at one moment are told together. */
function sends(producer: ProducerRecord): StoryEvent[] {
  const groups: SentRecord[][] = [];
  for (const record of producer.records) {
    const last = groups[groups.length - 1];
    if (last !== undefined && isAlike(last[last.length - 1]!, record)) last.push(record);
    else groups.push([record]);
  }
  return groups.map((group) => {
    const names = group.map(({ name }) => name);
    return {
      atMs: group[0]!.calledMs,
      from: codeOf(producer),
      to: placeOf(producer),
      text: `${group[0]!.fromCallback ? 'calls send() in a callback' : 'calls send()'} for ${describe(group)}`,
      label: `send ${listOfNames(names)}`,
      records: names,
      isCause: true,
    };
  });
}

function isAlike(one: SentRecord, other: SentRecord): boolean {
  return (
    one.calledMs === other.calledMs &&
    one.topic === other.topic &&
    one.fromCallback === other.fromCallback &&
    one.value?.length === other.value?.length &&
    (one.key === null) === (other.key === null) &&
    (one.partition === other.partition || one.partition !== null) ===
      (other.partition !== null || one.partition === null)
  );
}

function describe(group: readonly SentRecord[]): string {
  const first = group[0]!;
  const names = listOfNames(group.map(({ name }) => name));
  const partitions = [...new Set(group.map(({ partition }) => partition))];
  const where =
    partitions.length === 1 && partitions[0] !== null
      ? `${first.topic}-${partitions[0]}`
      : partitions[0] === null
        ? first.topic
        : `${first.topic}, partitions ${partitions.join(', ')} in turn`;
  const key =
    first.key === null ? 'no key' : first.key.length === 0 ? 'an empty key' : `key ${first.key.toString()}`;
  const value = first.value === null ? 'no value' : `${first.value.length} bytes`;
  const many = group.length > 1 ? `${group.length} records ${names}` : `record ${names}`;
  return `${many} to ${where} (${group.length > 1 && first.key !== null ? 'keys' : key}, ${value}${group.length > 1 ? ' each' : ''})`;
}

function calls(producer: ProducerRecord): StoryEvent[] {
  return producer.calls
    .filter(({ what }) => what !== 'send()' && what !== 'get()')
    .map(({ what, calledMs, limit }) => {
      const timeout = limit.startsWith('the timeout of close()') ? ` with ${limit}` : '';
      return {
        atMs: calledMs,
        from: codeOf(producer),
        to: placeOf(producer),
        text: `calls ${what}${timeout}`,
        label: what,
        records: [],
        isCause: true,
      };
    });
}

function told(producer: ProducerRecord): StoryEvent[] {
  const outcomes = producer.records.flatMap((record) => {
    const outcome = record.send !== null && record.send.value === undefined ? record.send : record.get;
    if (outcome === null) return [];
    const place = record.get?.value?.toString();
    return [
      { record, atMs: outcome.atMs, what: place ?? errorText(outcome.error), isGood: place !== undefined },
    ];
  });
  const groups = new Map<string, typeof outcomes>();
  for (const one of outcomes) {
    const key = one.isGood ? `${one.atMs} ok` : `${one.atMs} ${one.what}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const names = group.map(({ record }) => record.name);
    const what = group[0]!.isGood
      ? group.map((one) => `${one.record.name} is at ${one.what}`)
      : [`${listOfNames(names)} failed: ${group[0]!.what}`];
    const text =
      what.length > 4 ? `${listOfNames(names)} are written, ${what[0]} and so on` : what.join(', ');
    return {
      atMs: group[0]!.atMs,
      from: placeOf(producer),
      to: codeOf(producer),
      text: `tells your code that ${text}`,
      label: group[0]!.isGood ? `${listOfNames(names)} ok` : `${listOfNames(names)} failed`,
      records: names,
      isCause: false,
    };
  });
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

// ---- the network -----------------------------------------------------------------------------------------------------

function requestEvents(producer: ProducerRecord, request: ObservedRequest): StoryEvent[] {
  const { number, node, sentMs, settledMs, batches, errorCodes, failure } = request;
  const contents = batches.map(contentsOf);
  const records = contents.flatMap(({ names }) => names);
  const broker: Place = { is: 'broker', node };
  const sent: StoryEvent = {
    atMs: sentMs,
    from: placeOf(producer),
    to: broker,
    text: `sends request ${number} to broker ${node} with ${contents.map(({ text }) => text).join('; ')}`,
    label: `${number}: ${contents.map(({ names }) => listOfNames(names)).join(' | ')}`,
    records,
    isCause: false,
    isLost: failure !== null,
  };
  if (settledMs === null) return [sent];
  const isBad = failure !== null || errorCodes!.some((code) => code !== 0);
  const answer =
    failure ??
    errorCodes!.map((code, index) => `${listOfNames(contents[index]!.names)} ${codeText(code)}`).join(', ');
  return [
    sent,
    {
      atMs: settledMs,
      from: failure === null ? broker : placeOf(producer),
      to: placeOf(producer),
      text:
        failure === null
          ? `responds to request ${number}: ${answer}`
          : `gets no response to request ${number}: ${failure}`,
      label:
        failure === null ? `${number}: ${errorCodes!.map(codeText).join(' | ')}` : `${number}: no response`,
      records,
      isCause: isBad,
    },
  ];
}

function codeText(code: number): string {
  if (code === LEFT_OUT) return 'left out of the response';
  return code === 0 ? 'ok' : errorCodeName(code);
}

function contentsOf({ bytes, topic, partition }: ObservedBatch): { names: string[]; text: string } {
  const [batch] = decodeRecordBatches(bytes);
  const names = batch!.records().map((record) => nameOf(record) ?? '?');
  const { producerId, producerEpoch, baseSequence } = batch!;
  const numbers = producerId === -1n ? '' : `, epoch ${producerEpoch} sequence ${baseSequence}`;
  return { names, text: `${listOfNames(names)} (${topic}-${partition}${numbers})` };
}

/** Only those that fail: the others are part of everyday life. */
function lookupEvents(producer: ProducerRecord): StoryEvent[] {
  return producer.lookups.flatMap((lookup: ObservedLookup) => {
    const { kind, topics, settledMs, errorCodes, failure } = lookup;
    if (settledMs === null || (failure === null && errorCodes.length === 0)) return [];
    const what = kind === 'metadata' ? `metadata of ${topics.join(', ')}` : 'a producer id';
    const why = failure ?? errorCodes.map(errorCodeName).join(', ');
    return [
      {
        atMs: settledMs,
        from: placeOf(producer),
        to: placeOf(producer),
        text: `asked for ${what} and gets ${why}`,
        label: why,
        records: [],
        isCause: false,
      },
    ];
  });
}

// ---- from the traces -------------------------------------------------------------------------------------------------

function traced(run: RunRecord): StoryEvent[] {
  return run.trace.flatMap(({ producer, event }): StoryEvent[] => {
    const { atMs } = event;
    const at = (place: Place, text: string, label: string, isCause: boolean): StoryEvent[] => [
      { atMs, from: place, to: place, text, label, records: [], isCause },
    ];
    const broker = (node: number | null): Place => ({ is: 'broker', node: node ?? 1 });
    switch (event.stage) {
      case 'log-appended':
        return at(
          broker(event.node),
          `writes ${event.records} ${event.records === 1 ? 'record' : 'records'} to ${event.topic}-${event.partition} from offset ${event.baseOffset}${numbersOf(event)}`,
          `offset ${event.baseOffset}${event.records > 1 ? ` to ${event.baseOffset + BigInt(event.records - 1)}` : ''}`,
          false,
        );
      case 'log-refused':
        return at(
          broker(event.node),
          `does not write to ${event.topic}-${event.partition}: ${event.error}${numbersOf(event)}`,
          event.error,
          false,
        );
      case 'fault':
        return at(broker(event.node), event.what, event.what, true);
      case 'leader-changed':
        return at(
          broker(event.leader === -1 ? null : event.leader),
          `${event.topic}-${event.partition} ${event.leader === -1 ? 'has no leader' : `is led by broker ${event.leader}`} from now on`,
          `leads ${event.topic}-${event.partition}`,
          true,
        );
      case 'broker-state':
        return at(broker(event.node), `broker ${event.node} has ${event.state}`, event.state, true);
      case 'producer-id':
        return event.reason === 'bumped' && producer !== null
          ? at(
              { is: 'producer', producer },
              `goes on with epoch ${event.producerEpoch}`,
              `epoch ${event.producerEpoch}`,
              false,
            )
          : [];
      case 'batch-split':
        return producer === null
          ? []
          : at(
              { is: 'producer', producer },
              `splits a batch of ${event.topic}-${event.partition} into ${event.into}`,
              `split into ${event.into}`,
              false,
            );
      default:
        return [];
    }
  });
}

function numbersOf({
  producerId,
  producerEpoch,
  baseSequence,
}: {
  producerId: bigint;
  producerEpoch: number;
  baseSequence: number;
}): string {
  return producerId === -1n ? '' : ` (epoch ${producerEpoch}, sequence ${baseSequence})`;
}

/** Where the promise broke, for the end of a diagram. */
export function breakingPoint(
  { atMs, producer }: BrokenInvariant,
  run: RunRecord,
): { atMs: number; place: Place } {
  return { atMs: atMs ?? run.endMs, place: { is: 'code', producer } };
}
