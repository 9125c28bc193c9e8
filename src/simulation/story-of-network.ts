import { errorCodeName } from '../protocol/error-codes';
import { decodeRecordBatches } from '../protocol/record-batch-decoder';
import { LEFT_OUT } from './run-observed-network';
import type { ObservedBatch, ObservedLookup, ObservedRequest, ProducerRecord } from './run-record';
import { listOfNames } from './story-event';
import type { Place, StoryEvent } from './story-event';
import type { StoryNames } from './story-events';
import { nameOf } from './workload-records';

/** Produce requests and their responses. */
export function requestEvents(producer: ProducerRecord, names: StoryNames): StoryEvent[] {
  return producer.requests.flatMap((request) => {
    const contents = request.batches.map(contentsOf);
    const sent = sentEvent(producer, request, contents, names);
    return request.settledMs === null ? [sent] : [sent, responseEvent(producer, request, contents, names)];
  });
}

interface Contents {
  readonly names: readonly string[];
  /** "A and B (orders-0, epoch 0, sequence 0)". */
  readonly text: string;
}

function contentsOf({ bytes, topic, partition }: ObservedBatch): Contents {
  const [batch] = decodeRecordBatches(bytes);
  const names = batch!.records().map((record) => nameOf(record) ?? '?');
  const { producerId, producerEpoch, baseSequence } = batch!;
  const numbers = producerId === -1n ? '' : `, epoch ${producerEpoch}, sequence ${baseSequence}`;
  return { names, text: `${listOfNames(names)} (${topic}-${partition}${numbers})` };
}

function sentEvent(
  { index }: ProducerRecord,
  { number, node, order, sentMs, failure }: ObservedRequest,
  contents: readonly Contents[],
  names: StoryNames,
): StoryEvent {
  const text = contents.map((one) => one.text).join('; ');
  return {
    atMs: sentMs,
    order,
    from: { is: 'producer', producer: index },
    to: { is: 'broker', node },
    text: `${names.producer(index)} sends request ${number} to broker ${node} with ${text}`,
    label: `${number}: ${contents.map((one) => listOfNames(one.names)).join(' | ')}`,
    records: contents.flatMap((one) => one.names),
    isCause: false,
    isLost: failure !== null,
    kind: `request ${index} ${text}`,
  };
}

function responseEvent(
  { index }: ProducerRecord,
  { number, node, settledMs, settledOrder, errorCodes, failure }: ObservedRequest,
  contents: readonly Contents[],
  names: StoryNames,
): StoryEvent {
  const producer: Place = { is: 'producer', producer: index };
  const common = {
    atMs: settledMs!,
    order: settledOrder,
    to: producer,
    records: contents.flatMap((one) => one.names),
    isCause: false,
  };
  if (errorCodes === null) {
    return {
      ...common,
      from: producer,
      text: `${names.producer(index)} gets no response to request ${number}: ${withoutStop(failure!)}`,
      label: `${number}: no response`,
      kind: `no response ${index} ${contents.map(({ text }) => text).join()}`,
    };
  }
  const codes = errorCodes
    .map((code, at) => `${listOfNames(contents[at]!.names)} ${codeText(code)}`)
    .join(', ');
  return {
    ...common,
    from: { is: 'broker', node },
    text: `Broker ${node} responds to request ${number}: ${codes}`,
    label: `${number}: ${errorCodes.map(codeText).join(' | ')}`,
    kind: `response ${index} ${codes}`,
  };
}

function codeText(code: number): string {
  if (code === LEFT_OUT) return 'left out of the response';
  return code === 0 ? 'ok' : errorCodeName(code);
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

/** Requests for metadata and producer ids that failed: the others are part of everyday life. */
export function lookupEvents({ index, lookups }: ProducerRecord, names: StoryNames): StoryEvent[] {
  return lookups.flatMap((lookup: ObservedLookup) => {
    const { kind, topics, settledMs, settledOrder, errorCodes, failure } = lookup;
    if (settledMs === null || (failure === null && errorCodes.length === 0)) return [];
    const what = kind === 'metadata' ? `metadata of ${topics.join(', ')}` : 'a producer id';
    const why = failure === null ? errorCodes.map(errorCodeName).join(', ') : withoutStop(failure);
    const place: Place = { is: 'producer', producer: index };
    return [
      {
        atMs: settledMs,
        order: settledOrder,
        from: place,
        to: place,
        text: `${names.producer(index)} asked for ${what} and gets: ${why}`,
        label: why,
        records: [],
        isCause: false,
        kind: `lookup ${index} ${what} ${why}`,
      },
    ];
  });
}
