import { fieldsOfBatch } from '../../src/player/model/batch-bytes';
import { describeEvent } from '../../src/player/model/describe-event';
import { withLogAsReadBack } from '../../src/player/model/log-as-read-back';
import { apply, firstMoment } from '../../src/player/model/moment';
import { fromDocument, toDocument } from '../../src/player/model/player-run';
import { MOST_EVENTS, readableEvents } from '../../src/player/model/readable-events';
import { journeyOf } from '../../src/player/model/record-journey';
import { partitionsOf, summarize } from '../../src/player/model/run-summary';
import { Timeline } from '../../src/player/model/timeline';
import { INITIAL_SETTINGS } from '../../src/player/run/playground-settings';
import type { PlaygroundSettings } from '../../src/player/run/playground-settings';
import { runPlayground } from '../../src/player/run/run-playground';
import type { PlayerRun } from '../../src/player/model/player-run';
import { SeededRandom } from '../../src/support/seeded-random';
import type { TraceEvent } from '../../src/trace/trace-event';

const run = (
  change: PlaygroundSettings,
  fork?: { atMs: number; change: PlaygroundSettings },
): Promise<PlayerRun> =>
  runPlayground({ title: 'a test', settings: { ...INITIAL_SETTINGS, ...change }, ...(fork && { fork }) });

const eventful = () => run({ records: 300, everyMs: 1, loseResponse: 4, refuseRequest: 9, moveAtMs: 60 });

describe('a moment', () => {
  test('is the same whichever way one comes to it', async () => {
    const { events } = await eventful();
    const timeline = new Timeline(events);
    const random = new SeededRandom(7);
    for (let visit = 0; visit < 200; visit++) {
      const position = random.integer(0, events.length);
      const replayed = firstMoment();
      for (const event of events.slice(0, position)) apply(replayed, event);
      expect(timeline.momentAt(position)).toEqual(replayed);
    }
  });

  test('at the end of a run has nothing left in the accumulator and nothing in flight', async () => {
    const { events } = await eventful();
    const end = new Timeline(events).momentAt(events.length);
    expect(end.batches.size + end.requests.size + end.sending.size).toBe(0);
    expect(end.counts.sends).toBe(300);
    expect(end.closing).toBe('done');
  });

  test('outside of the run is its beginning or its end', async () => {
    const { events } = await run({ records: 3 });
    const timeline = new Timeline(events);
    expect(timeline.momentAt(-5).position).toBe(0);
    expect(timeline.momentAt(1e9).position).toBe(events.length);
  });

  test('of a trace whose beginning is missing shows what is known', async () => {
    const { events } = await eventful();
    const timeline = new Timeline(events.slice(150));
    expect(() => timeline.momentAt(500)).not.toThrow();
  });
});

describe('the events of a run', () => {
  const odd = (events: readonly unknown[]) => readableEvents(events).complaints;

  test('of an unknown stage are left out with a sentence', () => {
    expect(odd([{ stage: 'teleported', atMs: 1 }])).toEqual([
      '1 event of the unknown stage "teleported" is not shown: this page is older than the trace.',
    ]);
  });

  test.each([
    [null, 'is not an object'],
    [{ atMs: 1 }, 'has no stage'],
    [{ stage: 'send', record: 1, topic: 'a' }, '("send") has no time (atMs)'],
    [{ stage: 'send', atMs: NaN, record: 1, topic: 'a' }, '("send") has no time (atMs)'],
    [
      { stage: 'request-sent', atMs: 1, request: 1, node: 1, inFlight: 1, sizeInBytes: 1 },
      'lacks its field batches',
    ],
  ])('that are damaged are left out with a sentence: %j', (event, reason) => {
    const [complaint] = odd([event]);
    expect(complaint).toContain('1 event could not be read and is not shown');
    expect(complaint).toContain(reason);
  });

  test('are no events at all without a complaint', () => {
    expect(readableEvents([])).toEqual({ events: [], startedMs: 0, complaints: [] });
  });

  test('out of order are put in order, and begin at 0', () => {
    const send = (record: number, atMs: number) => ({ stage: 'send', record, topic: 'a', atMs });
    const { events, complaints } = readableEvents([send(2, 1002), send(1, 1000)]);
    expect(events.map(({ atMs }) => atMs)).toEqual([0, 2]);
    expect(complaints).toHaveLength(1);
  });

  test('beyond a million are told, not shown', () => {
    const event = { stage: 'flush', phase: 'begin', atMs: 0 };
    const { events, complaints } = readableEvents(new Array(MOST_EVENTS + 5).fill(event));
    expect(events).toHaveLength(MOST_EVENTS);
    expect(complaints).toEqual([
      'This run has 1,000,005 events; the first 1,000,000 are shown. Record a shorter run to see its end.',
    ]);
  });

  test('of a real run are all known, and each has its words', async () => {
    const { events } = await eventful();
    expect(readableEvents(events).complaints).toEqual([]);
    const { index } = new Timeline(events);
    for (const [position, event] of events.entries()) {
      const words = describeEvent(event, index, position);
      expect(words).toMatch(/^[A-Zbcfs].*\.?/);
      expect(words).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test('come through a document unchanged', async () => {
    const before = await eventful();
    const after = fromDocument(JSON.parse(JSON.stringify(toDocument(before))));
    expect(after.events).toEqual(before.events);
    expect(after.bytes).toEqual(before.bytes);
  });

  test.each([[null], [{}], [{ version: 2, events: [] }], ['a text']])(
    '%j is no run, in a sentence',
    (document) => {
      expect(() => fromDocument(document)).toThrow(/Make the page or the cell again\.$/);
    },
  );
});

describe('the way of a record', () => {
  test('goes from send() to its callback, by way of every retry', async () => {
    const { events } = await run({ records: 20, everyMs: 5, partitions: 1, brokers: 1, loseResponse: 3 });
    const { index } = new Timeline(events);
    const retried = events.find((event) => event.stage === 'batch-retried');
    const [record] = index.recordsOf((retried as { batch: number }).batch);
    const stages = journeyOf(record!, index).map((position) => events[position]!.stage);
    expect(stages[0]).toBe('send');
    expect(stages[stages.length - 1]).toBe('completed');
    expect(stages.filter((stage) => stage === 'request-sent')).toHaveLength(2);
    expect(stages).toEqual(expect.arrayContaining(['log-appended', 'log-refused', 'batch-retried']));
  });

  test('is found in the piece of a batch that was split', async () => {
    const { events } = await run({
      records: 40,
      everyMs: 0,
      partitions: 1,
      brokers: 1,
      'linger.ms': 20,
      maxMessageBytes: 2000,
    });
    const { index } = new Timeline(events);
    const written = [...index.logs.values()].flat().flatMap(({ batch }) => index.recordsOf(batch));
    expect(written).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(journeyOf(40, index).map((position) => events[position]!.stage)).toContain('log-appended');
  });
});

describe('what a run came to', () => {
  const summaryOf = async (change: PlaygroundSettings) =>
    summarize(new Timeline((await run(change)).events).index);
  const lost = {
    records: 20,
    everyMs: 5,
    partitions: 1,
    brokers: 1,
    loseResponse: 3,
    'max.in.flight.requests.per.connection': 1,
  };

  test('counts what is written twice, which idempotence prevents', async () => {
    expect((await summaryOf({ ...lost, 'enable.idempotence': false })).duplicates).toBeGreaterThan(0);
    expect((await summaryOf(lost)).duplicates).toBe(0);
  });

  test('says that every partition of the topic is known', async () => {
    const { index } = new Timeline((await run({ partitions: 5 })).events);
    expect(partitionsOf(index).map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('the playground', () => {
  test('gives the same run for the same settings', async () => {
    expect((await eventful()).events).toEqual((await eventful()).events);
  });

  test('a fork has the same past', async () => {
    const settings = { records: 60, everyMs: 2 };
    const before = await run(settings);
    const after = await run(settings, { atMs: 70, change: { latencyMs: 60 } });
    const past = (events: readonly TraceEvent[]) => events.filter(({ atMs }) => atMs < 70);
    expect(past(after.events)).toEqual(past(before.events));
    expect(after.events).not.toEqual(before.events);
  });

  test('settings that a producer refuses are its own ConfigError', async () => {
    await expect(run({ acks: '1', 'enable.idempotence': true, 'delivery.timeout.ms': 20 })).rejects.toThrow(
      /delivery\.timeout\.ms/,
    );
  });
});

describe('the bytes of a batch', () => {
  test('each byte belongs to one field, and each record is found', async () => {
    const { bytes } = await run({ records: 12, everyMs: 0, partitions: 1 });
    const [batch] = [...bytes!.values()];
    const fields = fieldsOfBatch(batch!);
    expect(fields[0]!.from).toBe(0);
    for (const [at, field] of fields.entries()) expect(field.from).toBe(fields[at - 1]?.to ?? 0);
    expect(fields[fields.length - 1]!.to).toBe(batch!.length);
    expect(new Set(fields.map(({ record }) => record))).toEqual(
      new Set(Array.from({ length: 13 }, (_, at) => at - 1)),
    );
    expect(fields.filter(({ name }) => name === 'value')[3]!.value).toMatch(/^\{"order":4\}/);
  });

  test('that are no batch are said to be none', () => {
    expect(fieldsOfBatch(new Uint8Array(7))[0]).toMatchObject({ name: 'not a record batch' });
  });
});

describe('a log that was read back from a real broker', () => {
  test('gives every batch its place between request and response, a repeated one twice', async () => {
    const { events } = await run({
      records: 20,
      everyMs: 5,
      partitions: 1,
      brokers: 1,
      loseResponse: 3,
      'enable.idempotence': false,
      'max.in.flight.requests.per.connection': 1,
    });
    const isOfLog = ({ stage }: TraceEvent) =>
      stage === 'log-appended' || stage === 'log-refused' || stage === 'fault';
    const log = events.flatMap((event) => (event.stage === 'log-appended' ? [event] : []));
    const asProduced = events.filter((event) => !isOfLog(event));
    const read = withLogAsReadBack(asProduced, log);
    const entries = new Timeline(read.events).index.logs.get('orders-0')!;
    expect(entries.map(({ batch }) => batch)).toEqual(
      new Timeline(events).index.logs.get('orders-0')!.map(({ batch }) => batch),
    );
    expect(entries.filter(({ isRepeat }) => isRepeat)).toHaveLength(1);
  });
});
