import { TraceRecorder } from '../../src/trace/trace-recorder';

const send = (record: number) => ({ stage: 'send', atMs: record, record, topic: 'orders' }) as const;

describe('TraceRecorder', () => {
  it('keeps the newest events up to its capacity, and counts what it dropped', () => {
    const recorder = new TraceRecorder(10);
    for (let record = 1; record <= 35; record++) recorder.listener(send(record));
    expect(recorder.events.map(({ atMs }) => atMs)).toEqual([26, 27, 28, 29, 30, 31, 32, 33, 34, 35]);
    expect(recorder.dropped).toBe(25);
    recorder.clear();
    expect([recorder.events.length, recorder.dropped]).toEqual([0, 0]);
  });

  it('finds what happened to one record, its batch and its requests included', () => {
    const recorder = new TraceRecorder();
    const appended = { topic: 'orders', partition: 0, index: 0, batchSizeInBytes: 70 };
    recorder.listener(send(1));
    recorder.listener(send(2));
    recorder.listener({ stage: 'appended', atMs: 3, record: 1, batch: 1, ...appended });
    recorder.listener({ stage: 'appended', atMs: 4, record: 2, batch: 2, ...appended });
    recorder.listener({
      stage: 'request-sent',
      atMs: 5,
      request: 1,
      node: 0,
      batches: [1],
      sizeInBytes: 1,
      inFlight: 1,
    });
    recorder.listener({
      stage: 'request-sent',
      atMs: 6,
      request: 2,
      node: 0,
      batches: [2],
      sizeInBytes: 1,
      inFlight: 2,
    });
    expect(recorder.ofRecord(2).map(({ atMs }) => atMs)).toEqual([2, 4, 6]);
    expect(recorder.of('send').map(({ record }) => record)).toEqual([1, 2]);
  });

  it('refuses a capacity that is none', () => {
    expect(() => new TraceRecorder(0)).toThrow('1 event or more, not 0');
  });
});
