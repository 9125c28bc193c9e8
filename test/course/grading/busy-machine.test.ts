import { slowdown, slowdownOfStart } from '../../../src/course/grading/busy-machine';

describe('slowdown', () => {
  it('is 1 while every program gets a processor, also where nobody counts', () => {
    expect(slowdown(0, 2)).toBe(1);
    expect(slowdown(2, 2)).toBe(1);
    expect(slowdown(2.9, 2)).toBe(1);
  });

  it('grows with the programs that want each processor, up to six times', () => {
    expect(slowdown(8, 2)).toBe(4);
    expect(slowdown(38, 2)).toBe(6);
    expect(slowdown(38, 16)).toBeCloseTo(2.375);
  });
});

describe('slowdownOfStart', () => {
  it('is 1 for a usual start, and grows with it up to six times', () => {
    expect(slowdownOfStart(400)).toBe(1);
    expect(slowdownOfStart(3000)).toBe(2);
    expect(slowdownOfStart(60_000)).toBe(6);
  });
});
