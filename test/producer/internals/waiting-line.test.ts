import { WaitingLine } from '../../../src/producer/internals/waiting-line';

describe('WaitingLine', () => {
  const filled = (count: number) => {
    const line = new WaitingLine<number>();
    for (let waiter = 0; waiter < count; waiter++) line.add(waiter);
    return line;
  };

  it('D-11 has the one that came first in front, whoever leaves from the middle', () => {
    const line = filled(4);
    line.remove(1);
    line.remove(0);
    line.remove(0);
    expect([line.first, line.length]).toEqual([2, 2]);
    line.add(9);
    expect(line.takeAll()).toEqual([2, 3, 9]);
    expect([line.first, line.length]).toEqual([undefined, 0]);
  });

  it('keeps the order through thousands that come and go', () => {
    const line = filled(10_000);
    for (let waiter = 0; waiter < 10_000; waiter += 3) line.remove(waiter);
    const served: number[] = [];
    for (let first = line.first; first !== undefined; first = line.first) {
      served.push(first);
      line.remove(first);
      if (served.length <= 2000) line.add(10_000 + served.length);
    }
    const stayed = Array.from({ length: 10_000 }, (_, waiter) => waiter).filter((waiter) => waiter % 3 !== 0);
    const came = Array.from({ length: 2000 }, (_, at) => 10_001 + at);
    expect(served).toEqual([...stayed, ...came]);
  });
});
