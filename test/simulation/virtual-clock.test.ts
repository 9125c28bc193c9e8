import { VIRTUAL_START_MS, VirtualClock } from '../../src/simulation/virtual-clock';

function firing(clock: VirtualClock): number[] {
  const times: number[] = [];
  while (clock.fireNext()) times.push(clock.now() - VIRTUAL_START_MS);
  return times;
}

describe('VirtualClock', () => {
  it('moves from timer to timer, in the order of their times, and of their setting at one time', () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b', 10],
      ['d', 30],
    ] as const)
      clock.after(ms, () => fired.push(name));
    expect(firing(clock)).toEqual([10, 10, 30, 30]);
    expect(fired).toEqual(['a', 'b', 'c', 'd']);
  });

  it('fires timers that a timer has set, and none that was cancelled', () => {
    const clock = new VirtualClock();
    const cancel = clock.after(20, () => {
      throw new Error('it was cancelled');
    });
    clock.after(10, () => {
      cancel();
      clock.after(5, () => {});
    });
    expect([clock.pending, clock.nextDueMs]).toEqual([2, VIRTUAL_START_MS + 10]);
    expect(firing(clock)).toEqual([10, 15]);
    expect([clock.pending, clock.nextDueMs]).toEqual([0, null]);
  });

  it('waits for whole milliseconds, and for at least one if the wait is above 0, like Node: a wait of 0.2 ms cannot spin', () => {
    const clock = new VirtualClock();
    for (const ms of [0, -5, 0.2, 1.9, 100.7]) clock.after(ms, () => {});
    expect(firing(clock)).toEqual([0, 0, 1, 1, 100]);
  });

  it('keeps thousands of timers in order', () => {
    const clock = new VirtualClock();
    const waits = Array.from({ length: 5000 }, (_, index) => (index * 7919) % 1009);
    for (const ms of waits) clock.after(ms, () => {});
    expect(firing(clock)).toEqual([...waits].sort((a, b) => a - b));
  });
});
