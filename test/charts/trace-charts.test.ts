import { batchLanesChart, batchSpans } from '../../src/charts/batch-lanes';
import { bufferUseChart } from '../../src/charts/buffer-use';
import { formatBytes, formatDuration } from '../../src/charts/format-duration';
import { logRepeatsChart } from '../../src/charts/log-repeats';
import { recordWalkChart, walkOf } from '../../src/charts/record-walk';
import { renderSvg } from '../../src/charts/render';
import { requestsInFlightChart } from '../../src/charts/requests-in-flight';
import { titleOf } from '../../src/charts/theme';
import type { TraceEvent } from '../../src/trace/trace-event';

const topic = 'orders';
const record = { record: 1, topic };
const batch = (number: number, partition = 0) => ({ batch: number, topic, partition });
const drained = (
  atMs: number,
  number: number,
  reason: 'full' | 'linger' | 'retry',
  partition = 0,
): TraceEvent => ({
  ...{ stage: 'batch-drained', atMs, ...batch(number, partition), reason, records: 10, sizeInBytes: 500 },
  ...{ uncompressedSizeInBytes: 500, producerId: 7n, producerEpoch: 0, baseSequence: 0, attempt: 0 },
});
const request = (atMs: number, number: number, inFlight: number, node = 1): TraceEvent => ({
  ...{ stage: 'request-sent', atMs, request: number, node, batches: [number], sizeInBytes: 600, inFlight },
});
const response = (atMs: number, number: number, inFlight: number, node = 1): TraceEvent => ({
  ...{ stage: 'response', atMs, request: number, node, error: null, inFlight },
});
const memory = (atMs: number, availableBytes: number): TraceEvent => ({
  ...{ stage: 'memory', atMs, availableBytes, waiting: 0 },
});

const walk: TraceEvent[] = [
  { stage: 'send', atMs: 1000, ...record },
  { stage: 'intercepted', atMs: 1000.02, ...record },
  { stage: 'serialized', atMs: 1000.05, ...record, keySize: 3, valueSize: 90 },
  { stage: 'partitioned', atMs: 1000.06, ...record, partition: 0, by: 'key' },
  { stage: 'appended', atMs: 1000.08, ...record, partition: 0, batch: 1, index: 0, batchSizeInBytes: 170 },
  drained(1006, 1, 'linger'),
  request(1006.5, 1, 1),
  response(1008, 1, 0),
  { stage: 'completed', atMs: 1008.1, ...record, partition: 0, batch: 1, offset: 0n, error: null },
];

describe('the walk of one record', () => {
  test('has the steps in order, without gaps, from send() to the callback', () => {
    const steps = walkOf(walk);
    expect(steps.map(({ step }) => step)).toEqual([
      '1  interceptors',
      '2  serializers',
      '3  partitioner',
      '4  accumulator',
      '5  sender',
      '6, 7  network, broker',
      'callback',
    ]);
    expect(steps[0]!.fromMs).toBe(0);
    for (const [index, { fromMs }] of steps.slice(1).entries()) expect(fromMs).toBe(steps[index]!.toMs);
    expect(steps.at(-1)!.toMs).toBeCloseTo(8.1);
  });

  test('names the longest step and its share in the title, and every duration to a screen reader', async () => {
    const spec = recordWalkChart({ events: walk });
    expect(titleOf(spec)).toBe('Of 8.1 ms, the record spent 73 % waiting in its batch');
    expect(spec.description).toContain('1  interceptors: 20 µs');
    const svg = await renderSvg(spec);
    for (const text of ['4  accumulator', '5.9 ms', 'since send() (ms)']) expect(svg).toContain(text);
  });

  test('leaves out a step that the record did not make', () => {
    const without = walk.filter(({ stage }) => stage !== 'intercepted');
    expect(walkOf(without).map(({ step }) => step)[0]).toBe('2  serializers');
  });

  test('goes up to the last answer when the batch was sent again', () => {
    const again = [...walk.slice(0, 8), drained(1100, 1, 'retry'), request(1100, 2, 1), response(1102, 2, 0)];
    expect(walkOf(again).at(-1)).toMatchObject({ step: '6, 7  network, broker', toMs: 102 });
  });

  test('of a record that never set out is empty, and can be drawn', async () => {
    expect(walkOf([])).toEqual([]);
    await expect(renderSvg(recordWalkChart({ events: [] }))).resolves.toContain('not been anywhere');
  });
});

describe('batches over time', () => {
  const events: TraceEvent[] = [
    { stage: 'batch-opened', atMs: 100, ...batch(1), allocatedBytes: 500, writeLimit: 16384 },
    { stage: 'batch-opened', atMs: 102, ...batch(2), allocatedBytes: 500, writeLimit: 16384 },
    { stage: 'batch-opened', atMs: 103, ...batch(3, 1), allocatedBytes: 500, writeLimit: 16384 },
    drained(104, 1, 'full'),
    drained(108, 2, 'full'),
    drained(108, 3, 'linger', 1),
    { stage: 'batch-completed', atMs: 110, ...batch(1), baseOffset: 0n, duplicate: false },
    { stage: 'batch-failed', atMs: 111, ...batch(2), error: 'TimeoutError', reason: 'expired' },
  ];

  test('are told by why they left', async () => {
    const spec = batchLanesChart({ events });
    expect(titleOf(spec)).toBe('30 records went out in 3 batches: 2 full, 1 linger over');
    const svg = await renderSvg(spec);
    for (const text of ['full', 'linger over', 'with the broker', 'partition']) expect(svg).toContain(text);
  });

  test('begin at the first event, end with an answer or a failure, or not yet', () => {
    expect(batchSpans(events)).toMatchObject([
      { batch: 1, openedMs: 0, drainedMs: 4, completedMs: 10 },
      { batch: 2, openedMs: 2, drainedMs: 8, completedMs: 11 },
      { batch: 3, openedMs: 3, drainedMs: 8, completedMs: null, partition: 1 },
    ]);
  });

  test('keep the reason of their first departure when they are sent again', () => {
    expect(batchSpans([...events, drained(200, 1, 'retry')])[0]).toMatchObject({
      reason: 'full',
      drainedMs: 4,
    });
  });

  test('that overlap in a partition lie in different lanes', () => {
    const { values } = batchLanesChart({ events }).data as { values: { batch: number; lane: string }[] };
    const laneOf = (number: number) => values.find((value) => value.batch === number)!.lane;
    expect([laneOf(1), laneOf(2), laneOf(3)]).toEqual(['0', '1', '0']);
  });

  test('of an empty trace are none', async () => {
    await expect(renderSvg(batchLanesChart({ events: [] }))).resolves.toContain('No batch has left');
  });
});

describe('requests in flight', () => {
  test('are counted, and their most held against the limit', async () => {
    const events = [request(1, 1, 1), request(2, 2, 2), response(4, 1, 1), response(5, 2, 0)];
    const spec = requestsInFlightChart({ events, limit: 5 });
    expect(titleOf(spec)).toBe('2 requests, at most 2 of 5 in flight at a time');
    await expect(renderSvg(spec)).resolves.toContain('max.in.flight.requests.per.connection');
  });

  test('of an empty trace are none', async () => {
    const spec = requestsInFlightChart({ events: [], limit: 5 });
    await expect(renderSvg(spec)).resolves.toContain('No request went out');
  });

  test('have a colour for each broker where there are several', async () => {
    const spec = requestsInFlightChart({ events: [request(1, 1, 1), request(2, 2, 1, 3)], limit: 5 });
    const svg = await renderSvg(spec);
    for (const text of ['broker 1', 'broker 3']) expect(svg).toContain(text);
  });
});

describe('use of buffer.memory', () => {
  test('is told by its peak, as a share, and by what came back', async () => {
    const spec = bufferUseChart({ events: [memory(1, 6144), memory(2, 8192)], totalBytes: 8192 });
    expect(titleOf(spec)).toBe('At most 2 KB of 8 KB (25 %) were taken, and all of it came back');
    await expect(renderSvg(spec)).resolves.toContain('taken (KB)');
  });

  test('says what never came back', () => {
    const spec = bufferUseChart({ events: [memory(1, 4096), memory(2, 7168)], totalBytes: 8192 });
    expect(titleOf(spec)).toContain('1 KB never came back');
  });

  test('of an empty trace is none', async () => {
    const spec = bufferUseChart({ events: [], totalBytes: 1024 });
    await expect(renderSvg(spec)).resolves.toContain('No memory was taken');
  });

  test('keeps peak and end of many samples', () => {
    const events = Array.from({ length: 5001 }, (_, index) => memory(index, index === 777 ? 0 : 1024));
    const { values } = bufferUseChart({ events, totalBytes: 1024 }).data as {
      values: { atMs: number; usedKilobytes: number }[];
    };
    expect(values.length).toBeLessThan(700);
    expect(Math.max(...values.map(({ usedKilobytes }) => usedKilobytes))).toBe(1);
    expect(values.at(-1)!.atMs).toBe(5000);
  });
});

describe('repeats in a log', () => {
  test('are counted and stand out', async () => {
    const log = [1, 2, 3, 2, 3, 4].map((order, offset) => ({ offset, order }));
    const spec = logRepeatsChart({ log });
    expect(titleOf(spec)).toBe('2 of 6 records in the log are duplicates');
    await expect(renderSvg(spec)).resolves.toContain('duplicate');
  });

  test('are told from records that only came too late', async () => {
    const log = [1, 3, 4, 2].map((order, offset) => ({ offset, order }));
    const spec = logRepeatsChart({ log });
    expect(titleOf(spec)).toBe('1 of 4 records in the log lie behind later ones');
    await expect(renderSvg(spec)).resolves.toContain('behind later ones');
  });

  test('of an empty log are none', async () => {
    await expect(renderSvg(logRepeatsChart({ log: [] }))).resolves.toContain('The log is empty');
  });

  test('are none where each order is there once', () => {
    const log = [{ offset: 0, order: 1 }];
    expect(titleOf(logRepeatsChart({ log }))).toBe('1 record in the log, each once and in order');
  });
});

test.each([
  [0.012, '12 µs'],
  [0.9999, '1.0 ms'],
  [5.12, '5.1 ms'],
  [73.4, '73 ms'],
  [2345, '2.3 s'],
])('a duration of %d ms reads %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

test.each([
  [170, '170 bytes'],
  [1536, '1.5 KB'],
  [33_554_432, '32 MB'],
])('a size of %d bytes reads %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
