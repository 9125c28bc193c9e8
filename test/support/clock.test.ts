import { ManualClock } from '../../src/support/clock';

describe('ManualClock', () => {
  it('fires timers in the order in which they fall due, each at its own time', () => {
    const clock = new ManualClock(100);
    const fired: string[] = [];
    clock.after(20, () => fired.push(`b@${clock.now()}`));
    clock.after(10, () => fired.push(`a@${clock.now()}`));
    clock.after(20, () => fired.push(`c@${clock.now()}`));

    clock.advance(20);

    expect(fired).toEqual(['a@110', 'b@120', 'c@120']);
    expect(clock.pending).toBe(0);
  });

  it('fires a timer that a timer has set, if it falls due on the way', () => {
    const clock = new ManualClock();
    const fired: number[] = [];
    clock.after(5, () => clock.after(5, () => fired.push(clock.now())));

    clock.advance(10);

    expect(fired).toEqual([10]);
  });

  it('leaves a cancelled timer alone and refuses to go back', () => {
    const clock = new ManualClock();
    const cancel = clock.after(5, () => expect(true).toBe(false));

    cancel();
    clock.advance(10);

    expect(clock.now()).toBe(10);
    expect(() => clock.advance(-1)).toThrow('advance(-1)');
  });
});
