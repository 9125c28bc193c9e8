import { useMemo, useState } from 'preact/hooks';
import { fieldsOfBatch } from '../model/batch-bytes';
import type { ByteField } from '../model/batch-bytes';
import { DRAIN_REASONS } from '../model/describe-event';
import { formatBytes, formatCount, formatMs, listing, plural } from '../model/format';
import { journeyOf, stepsOfBatch } from '../model/record-journey';
import type { RunIndex } from '../model/run-index';
import type { Timeline } from '../model/timeline';
import { statusOf } from './application-column';
import { EventList } from './event-list';
import type { Selection } from './selection';

export interface InspectorProps {
  readonly timeline: Timeline;
  readonly position: number;
  readonly bytes: ReadonlyMap<number, Uint8Array>;
  readonly selection: Exclude<Selection, null>;
  readonly select: (selection: Selection) => void;
  readonly goTo: (position: number) => void;
}

/** One record or one batch: what it is, its way, its bytes. */
export function Inspector(props: InspectorProps) {
  const { selection, select } = props;
  const title = selection.kind === 'record' ? `Record ${selection.record}` : `Batch ${selection.batch}`;
  return (
    <section class="inspector" aria-label={title}>
      <div class="inspector-head">
        <h3>{title}</h3>
        <button type="button" class="plain" onClick={() => select(null)}>
          All events
        </button>
      </div>
      {selection.kind === 'record' ? (
        <RecordDetails {...props} record={selection.record} />
      ) : (
        <BatchDetails {...props} batch={selection.batch} />
      )}
    </section>
  );
}

function RecordDetails({ timeline, position, record, select, goTo }: InspectorProps & { record: number }) {
  const { index } = timeline;
  const journey = useMemo(() => journeyOf(record, index), [record, index]);
  const entry = index.records.get(record);
  if (entry === undefined) {
    return (
      <p>
        This run has no record {record}: its records are 1 to {formatCount(index.records.size)}.
      </p>
    );
  }
  const lastMs = entry.completedAt === -1 ? null : index.events[entry.completedAt]!.atMs;
  const firstMs = entry.sentAt === -1 ? null : index.events[entry.sentAt]!.atMs;
  return (
    <>
      <p>
        Now: <strong>{statusOf(entry, position, index).words}</strong>.
        {lastMs !== null &&
          firstMs !== null &&
          ` From send() to its callback it takes ${formatMs(lastMs - firstMs)}.`}
        {entry.batch !== -1 && (
          <>
            {' '}
            <button type="button" class="link" onClick={() => select({ kind: 'batch', batch: entry.batch })}>
              Batch {entry.batch}
            </button>{' '}
            carries it.
          </>
        )}
      </p>
      <EventList timeline={timeline} position={position} only={journey} goTo={goTo} />
    </>
  );
}

function BatchDetails({
  timeline,
  position,
  batch,
  bytes,
  select,
  goTo,
}: InspectorProps & { batch: number }) {
  const { index } = timeline;
  const steps = useMemo(() => stepsOfBatch(batch, index), [batch, index]);
  const records = index.recordsOf(batch);
  const content = bytes.get(batch);
  if (!index.batches.has(batch)) return <p>This run has no batch {batch}.</p>;
  return (
    <>
      <p>{factsOfBatch(batch, index)}</p>
      {content === undefined ? (
        <p class="faint">Its bytes were not recorded.</p>
      ) : (
        <HexView bytes={content} records={records} select={select} />
      )}
      <EventList timeline={timeline} position={position} only={steps} goTo={goTo} />
    </>
  );
}

function factsOfBatch(batch: number, index: RunIndex): string {
  const entry = index.batches.get(batch)!;
  const records = index.recordsOf(batch);
  const parts = [`${plural(records.length, 'record')} for partition ${entry.partition}`];
  if (records.length > 0) parts.push(`from record ${records[0]} to record ${records[records.length - 1]}`);
  if (entry.parent !== -1) parts.push(`a piece of batch ${entry.parent}`);
  const sentences = [`${parts.join(', ')}.`];
  const firstDrained = entry.drainedAt[0];
  if (firstDrained !== undefined) {
    const event = index.events[firstDrained]!;
    const waitedMs = event.atMs - index.events[entry.openedAt]!.atMs;
    if (event.stage === 'batch-drained') {
      sentences.push(
        `It waited ${formatMs(waitedMs)} and left because ${DRAIN_REASONS[event.reason] ?? event.reason}.`,
      );
    }
  }
  if (entry.requests.length > 0) {
    sentences.push(
      `Sent in ${entry.requests.length === 1 ? 'request' : 'requests'} ${listing(entry.requests)}.`,
    );
  }
  return sentences.join(' ');
}

const ROW = 8;
/** A hex view of everything would be thousands of buttons. */
const SHOWN_BYTES = 4096;

function HexView({
  bytes,
  records,
  select,
}: {
  bytes: Uint8Array;
  records: readonly number[];
  select: (selection: Selection) => void;
}) {
  const fields = useMemo(() => fieldsOfBatch(bytes), [bytes]);
  const [chosen, choose] = useState(0);
  const field = fields[chosen] ?? fields[0];
  const record = field === undefined || field.record === -1 ? undefined : records[field.record];
  return (
    <details class="hex" open>
      <summary>Its {formatBytes(bytes.length)} as they were sent</summary>
      {field !== undefined && (
        <p class="field" aria-live="polite">
          <b>{field.name}</b>: {field.value}{' '}
          <span class="faint">
            (bytes {field.from} to {field.to - 1})
          </span>
          {record !== undefined && (
            <>
              {' '}
              <button type="button" class="link" onClick={() => select({ kind: 'record', record })}>
                send() of record {record}
              </button>
            </>
          )}
        </p>
      )}
      <div
        class="bytes"
        role="listbox"
        tabIndex={0}
        aria-label="Fields of the batch, arrow keys go from one to the next"
        aria-activedescendant={`field-${chosen}`}
        onKeyDown={(event) => {
          const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          choose(Math.min(fields.length - 1, Math.max(0, chosen + by)));
        }}
      >
        {fields.map((one, at) => (
          <ByteGroup
            key={one.from}
            field={one}
            at={at}
            bytes={bytes}
            isChosen={at === chosen}
            choose={choose}
          />
        ))}
        {bytes.length > SHOWN_BYTES && (
          <span class="faint">… and {formatCount(bytes.length - SHOWN_BYTES)} more bytes</span>
        )}
      </div>
    </details>
  );
}

function ByteGroup({
  field,
  at,
  bytes,
  isChosen,
  choose,
}: {
  field: ByteField;
  at: number;
  bytes: Uint8Array;
  isChosen: boolean;
  choose: (at: number) => void;
}) {
  if (field.from >= SHOWN_BYTES) return null;
  const shown = bytes.subarray(field.from, Math.min(field.to, SHOWN_BYTES));
  const parity = field.record === -1 ? 'header' : field.record % 2 === 0 ? 'even' : 'odd';
  return (
    <span
      id={`field-${at}`}
      role="option"
      aria-selected={isChosen}
      aria-label={`${field.name}: ${field.value}`}
      class={`${parity}${isChosen ? ' chosen' : ''}`}
      onClick={() => choose(at)}
    >
      {hexRows(shown)}
    </span>
  );
}

function hexRows(bytes: Uint8Array): string {
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    words.push([...bytes.subarray(at, at + ROW)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '));
  }
  return words.join(' ');
}
