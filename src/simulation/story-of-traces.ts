import type { ClusterTraceEvent, ProducerStampFields } from '../trace/trace-event';
import type { EventOf } from '../trace/trace-recorder';
import type { RunRecord, TracedEvent } from './run-record';
import { listOfNames } from './story-event';
import type { Place, StoryEvent } from './story-event';
import type { StoryNames } from './story-events';
import { nameOf } from './workload-records';

/** What the cluster did and suffered, and what the producer did inside. */
export function tracedEvents(run: RunRecord, names: StoryNames): StoryEvent[] {
  return run.trace.flatMap((traced) => {
    const told = tell(run, traced, names);
    if (told === null) return [];
    const { place, ...rest } = told;
    const kind = `${traced.event.stage} ${rest.text.replace(/\d+/g, '')}`;
    return [{ atMs: traced.event.atMs, order: traced.order, from: place, to: place, kind, ...rest }];
  });
}

/** What the trace does not tell of. */
export function disturbanceEvents({ disturbances }: RunRecord): StoryEvent[] {
  return disturbances.flatMap(({ atMs, order, node, text }) => {
    if (text === null) return [];
    const place = broker(node);
    return [
      {
        atMs,
        order,
        from: place,
        to: place,
        text,
        label: text,
        records: [],
        isCause: true,
        kind: `disturbance ${order}`,
      },
    ];
  });
}

type Told = Pick<StoryEvent, 'text' | 'label' | 'records' | 'isCause'> & { readonly place: Place };

function tell(run: RunRecord, { producer, event }: TracedEvent, names: StoryNames): Told | null {
  switch (event.stage) {
    case 'log-appended':
      return appended(run, event);
    case 'log-refused': {
      const where = `${event.topic}-${event.partition}`;
      const text = `Broker ${event.node} writes nothing to ${where}: ${event.error}${numbersOf(event)}`;
      return { place: broker(event.node), text, label: event.error, records: [], isCause: false };
    }
    case 'fault':
    case 'leader-changed':
    case 'broker-state':
      return disturbance(event);
    case 'producer-id':
      if (event.reason !== 'bumped' || producer === null) return null;
      return inProducer(
        producer,
        `${names.producer(producer)} goes on with epoch ${event.producerEpoch}`,
        `epoch ${event.producerEpoch}`,
      );
    case 'batch-split':
      if (producer === null) return null;
      return inProducer(
        producer,
        `${names.producer(producer)} splits a batch of ${event.topic}-${event.partition} into ${event.into}`,
        `split into ${event.into}`,
      );
    default:
      return null;
  }
}

function inProducer(producer: number, text: string, label: string): Told {
  return { place: { is: 'producer', producer }, text, label, records: [], isCause: false };
}

function broker(node: number | null): Place {
  return { is: 'broker', node: node ?? 1 };
}

function appended(run: RunRecord, event: EventOf<'log-appended'>): Told {
  const { node, topic, partition, baseOffset, records } = event;
  const names = namesAt(run, event);
  const last = baseOffset + BigInt(records - 1);
  const offsets = records === 1 ? `offset ${baseOffset}` : `offsets ${baseOffset} to ${last}`;
  return {
    place: broker(node),
    text: `Broker ${node} writes ${listOfNames(names)} to ${topic}-${partition} at ${offsets}${numbersOf(event)}`,
    label: `${listOfNames(names)} at ${offsets}`,
    records: names,
    isCause: false,
  };
}

/** The batch is in a log still, or was lost with one. */
function namesAt(
  run: RunRecord,
  { topic, partition, baseOffset, baseSequence, records }: EventOf<'log-appended'>,
): string[] {
  const isIt = (batch: { baseOffset: bigint; baseSequence: number }) =>
    batch.baseOffset === baseOffset && batch.baseSequence === baseSequence;
  const kept = run.logs
    .find((one) => one.topic === topic && one.partition === partition)
    ?.log.batches.find(isIt);
  const lost = run.lost.find((one) => one.topic === topic && one.partition === partition && isIt(one.batch));
  const batch = kept ?? lost?.batch;
  if (batch === undefined) return [`${records} ${records === 1 ? 'record' : 'records'}`];
  return batch.records.map((record) => nameOf(record) ?? '?');
}

function disturbance(
  event: Extract<ClusterTraceEvent, { stage: 'fault' | 'leader-changed' | 'broker-state' }>,
): Told {
  const cause = { records: [], isCause: true };
  switch (event.stage) {
    case 'fault': {
      const text = event.what.charAt(0).toUpperCase() + event.what.slice(1);
      return { place: broker(event.node), text, label: event.what, ...cause };
    }
    case 'leader-changed': {
      const where = `${event.topic}-${event.partition}`;
      return event.leader === -1
        ? {
            place: broker(null),
            text: `${where} has no leader from now on`,
            label: `${where} has no leader`,
            ...cause,
          }
        : {
            place: broker(event.leader),
            text: `Broker ${event.leader} leads ${where} from now on`,
            label: `leads ${where}`,
            ...cause,
          };
    }
    case 'broker-state': {
      const text = `Broker ${event.node} has ${event.state}`;
      return { place: broker(event.node), text, label: event.state, ...cause };
    }
  }
}

function numbersOf({ producerId, producerEpoch, baseSequence }: ProducerStampFields): string {
  return producerId === -1n ? '' : ` (epoch ${producerEpoch}, sequence ${baseSequence})`;
}
