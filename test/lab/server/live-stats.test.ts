import { LiveStats } from '../../../src/lab/server/live-stats';

const batch = (records: number) => ({
  topic: 'orders',
  partition: 0,
  records,
  bytes: 10 * records,
  queuedMs: 7,
});

describe('live figures', () => {
  it('are summed up per producer and interval; one that is not over yet is kept back', () => {
    let nowMs = 1000;
    const live = new LiveStats(() => nowMs);
    const [fast, slow] = [live.listener('fast'), live.listener('slow')];
    fast(batch(2));
    nowMs = 1100;
    fast(batch(3));
    slow(batch(1));
    expect(live.since(0)).toEqual([]);
    nowMs = 1250;
    fast(batch(9));
    expect(live.since(0)).toEqual([
      { atMs: 1000, clientId: 'fast', batches: 2, records: 5, bytes: 50, queuedMs: 14 },
      { atMs: 1000, clientId: 'slow', batches: 1, records: 1, bytes: 10, queuedMs: 7 },
    ]);
    nowMs = 1500;
    expect(live.since(1000)).toMatchObject([{ atMs: 1250, records: 9 }]);
  });

  it('are forgotten after two minutes', () => {
    let nowMs = 0;
    const live = new LiveStats(() => nowMs);
    const listener = live.listener('one');
    listener(batch(1));
    nowMs = 130_000;
    listener(batch(2));
    nowMs = 131_000;
    expect(live.since(-1)).toMatchObject([{ records: 2 }]);
  });
});
