import type { ProducerRecord, SentRecord } from './run-record';
import { listOfNames } from './story-event';
import type { Place, StoryEvent } from './story-event';
import type { StoryNames } from './story-events';

/** Calls and outcomes of more records than these are told by their number. */
const MOST_OFFSETS = 4;

const codeOf = ({ index }: ProducerRecord): Place => ({ is: 'code', producer: index });
const placeOf = ({ index }: ProducerRecord): Place => ({ is: 'producer', producer: index });

/** Calls of send(): records that are sent alike at one moment are told together. */
export function sends(producer: ProducerRecord, names: StoryNames): StoryEvent[] {
  const groups: SentRecord[][] = [];
  for (const record of producer.records) {
    const last = groups[groups.length - 1];
    if (last !== undefined && isAlike(last[last.length - 1]!, record)) last.push(record);
    else groups.push([record]);
  }
  return groups.map((group) => {
    const [first] = group as [SentRecord];
    const where = first.fromCallback ? ' in a callback' : '';
    return {
      atMs: first.calledMs,
      order: first.order,
      from: codeOf(producer),
      to: placeOf(producer),
      text: `${names.code(producer.index)} calls send()${where} for ${describe(group)}`,
      label: `send ${listOfNames(namesOf(group))}`,
      records: namesOf(group),
      isCause: true,
      kind: `send ${first.order}`,
    };
  });
}

function namesOf(records: readonly SentRecord[]): string[] {
  return records.map(({ name }) => name);
}

function isAlike(one: SentRecord, other: SentRecord): boolean {
  return (
    one.calledMs === other.calledMs &&
    one.topic === other.topic &&
    one.fromCallback === other.fromCallback &&
    one.value?.length === other.value?.length &&
    (one.key === null) === (other.key === null) &&
    (one.partition === null) === (other.partition === null)
  );
}

function describe(group: readonly SentRecord[]): string {
  const [first] = group as [SentRecord];
  const names = listOfNames(namesOf(group));
  if (group.length === 1) return `record ${names} to ${placesOf(group)} (${contentsOf(first)})`;
  const keys = first.key === null ? 'no keys' : 'with keys';
  return `${group.length} records, ${names}, to ${placesOf(group)} (${keys}, ${sizeOf(first)} each)`;
}

function placesOf(group: readonly SentRecord[]): string {
  const { topic, partition } = group[0]!;
  if (partition === null) return topic;
  const partitions = [...new Set(group.map((record) => record.partition))];
  return partitions.length === 1
    ? `${topic}-${partition}`
    : `partitions ${partitions.join(', ')} of ${topic} in turn`;
}

function contentsOf({ key, ...record }: SentRecord): string {
  const named = key === null ? 'no key' : key.length === 0 ? 'an empty key' : `key ${key.toString()}`;
  return `${named}, ${sizeOf({ key, ...record })}`;
}

function sizeOf({ value }: SentRecord): string {
  return value === null ? 'no value' : `${value.length} bytes`;
}

/** Of flush(), close() and partitionsFor(). */
export function calls(producer: ProducerRecord, names: StoryNames): StoryEvent[] {
  return producer.calls
    .filter(({ what, isEnding }) => what !== 'send()' && what !== 'get()' && !isEnding)
    .map(({ what, order, calledMs, limit }) => {
      const timeout = limit.startsWith('the timeout of close()') ? ` with ${limit}` : '';
      return {
        atMs: calledMs,
        order,
        from: codeOf(producer),
        to: placeOf(producer),
        text: `${names.code(producer.index)} calls ${what}${timeout}`,
        label: what,
        records: [],
        isCause: true,
        kind: `${what}${timeout} ${producer.index}`,
      };
    });
}

interface Told {
  readonly name: string;
  readonly atMs: number;
  readonly order: number;
  /** topic-partition@offset, or null for a failure. */
  readonly place: string | null;
  readonly error: string;
}

/** What futures and failed calls of send() told; records that end alike at one moment are told together. */
export function told(producer: ProducerRecord, names: StoryNames): StoryEvent[] {
  const groups = new Map<string, Told[]>();
  for (const one of producer.records.flatMap(outcomeOf)) {
    const key = `${one.atMs} ${one.error}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [Told];
    const list = listOfNames(group.map(({ name }) => name));
    const isGood = first.place !== null;
    return {
      atMs: first.atMs,
      order: first.order,
      from: placeOf(producer),
      to: codeOf(producer),
      text: `${names.code(producer.index)} is told that ${isGood ? writtenText(group, list) : `${list} failed: ${first.error}`}`,
      label: isGood ? `${list} ok` : `${list} failed`,
      records: group.map(({ name }) => name),
      isCause: false,
      kind: `told ${first.order}`,
    };
  });
}

function outcomeOf({ name, send, get }: SentRecord): Told[] {
  const outcome = send !== null && send.value === undefined ? send : get;
  if (outcome === null) return [];
  const place = get?.value?.toString() ?? null;
  return [
    {
      name,
      atMs: outcome.atMs,
      order: outcome.order,
      place,
      error: place === null ? errorText(outcome.error) : '',
    },
  ];
}

function writtenText(group: readonly Told[], list: string): string {
  if (group.length > MOST_OFFSETS) return `${list} are written, from ${group[0]!.place} on`;
  return group.map(({ name, place }) => `${name} is written at ${place}`).join(', ');
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
