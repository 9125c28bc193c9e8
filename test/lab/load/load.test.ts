import { gzipSync } from 'node:zlib';
import { runLoad } from '../../../src/lab/load/load';
import { payloads, takePayloads, WORKLOADS } from '../../../src/lab/load/payloads';
import { ManualClock } from '../../../src/support/clock';

/** Lets everything run that is ready to. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('payloads', () => {
  it.each(WORKLOADS)('of %s are the same bytes for the same seed', (workload) => {
    expect(takePayloads(workload, 20, { seed: 5 })).toEqual(takePayloads(workload, 20, { seed: 5 }));
    expect(takePayloads(workload, 20, { seed: 5 })).not.toEqual(takePayloads(workload, 20, { seed: 6 }));
  });

  it.each(WORKLOADS)('of %s have exactly the size asked for', (workload) => {
    for (const sizeInBytes of [1, 10, 100, 1000, 10_000]) {
      const sizes = takePayloads(workload, 5, { seed: 1, sizeInBytes }).map(({ value }) => value.length);
      expect(new Set(sizes)).toEqual(new Set([sizeInBytes]));
    }
  });

  it('compress as such data does: metrics best, orders well, photos not at all', () => {
    const ratio = (workload: (typeof WORKLOADS)[number]) => {
      const bytes = Buffer.concat(takePayloads(workload, 200, { seed: 2 }).map(({ value }) => value));
      return gzipSync(bytes).length / bytes.length;
    };
    expect(ratio('metrics')).toBeLessThan(ratio('orders'));
    expect(ratio('orders')).toBeLessThan(0.5);
    expect(ratio('photos')).toBeGreaterThan(0.99);
  });

  it('are valid JSON where they are not cut or continued', () => {
    const [payload] = takePayloads('orders', 1, { seed: 3 });
    expect(JSON.parse(payload!.value.toString('utf8'))).toMatchObject({ orderId: 'order-0000001' });
  });

  it('refuse a size of 0', () => {
    expect(() => payloads('orders', { seed: 1, sizeInBytes: 0 }).next()).toThrow(RangeError);
  });
});

describe('a paced load', () => {
  it('sends each record when it is due', async () => {
    const clock = new ManualClock(1000);
    const sentAtMs: number[] = [];
    const load = runLoad({
      records: 'abcde',
      count: 5,
      recordsPerSecond: 100,
      clock,
      send: () => Promise.resolve(sentAtMs.push(clock.now())),
    });
    for (let ms = 0; ms < 50; ms++) {
      await turn();
      clock.advance(1);
    }
    expect(await load).toEqual({ sent: 5, durationMs: 40, recordsPerSecond: 125, maxLatenessMs: 0 });
    expect(sentAtMs).toEqual([1000, 1010, 1020, 1030, 1040]);
  });

  it('catches up after it was held up, and says how late it was and since when each record was due', async () => {
    const clock = new ManualClock();
    const due: number[] = [];
    const load = runLoad({
      records: 'abcd',
      count: 4,
      recordsPerSecond: 1000,
      clock,
      send: (_record, index, dueMs) => {
        due.push(dueMs);
        return index === 0 ? new Promise<void>((resolve) => clock.after(30, resolve)) : Promise.resolve();
      },
    });
    await turn();
    clock.advance(30);
    expect(await load).toMatchObject({ sent: 4, durationMs: 30, maxLatenessMs: 29 });
    expect(due).toEqual([0, 1, 2, 3]);
  });

  it('stops where it is when it is called off', async () => {
    const calledOff = new AbortController();
    const report = await runLoad({
      records: 'abcdef',
      count: 6,
      signal: calledOff.signal,
      send: (_record, index) => {
        if (index === 2) calledOff.abort();
        return Promise.resolve();
      },
    });
    expect(report.sent).toBe(3);
  });

  it('ends with the error of send()', async () => {
    const send = () => Promise.reject(new Error('no room'));
    await expect(runLoad({ records: 'ab', count: 2, send })).rejects.toThrow('no room');
  });
});

describe('a saturating load', () => {
  it('leaves the event loop its turns, so that a producer can send while it is being fed', async () => {
    let turns = 0;
    let running = true;
    const count = () => {
      turns++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    const seen: number[] = [];
    await runLoad({
      records: new Array<number>(2000).fill(0),
      count: 2000,
      send: () => Promise.resolve(),
      onProgress: ({ sent }) => seen.push(sent),
    });
    running = false;
    expect(turns).toBeGreaterThanOrEqual(7);
    expect(seen).toEqual([256, 512, 768, 1024, 1280, 1536, 1792, 2000]);
  });
});
