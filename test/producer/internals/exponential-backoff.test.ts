import { ExponentialBackoff } from '../../../src/producer/internals/exponential-backoff';

describe('ExponentialBackoff', () => {
  it('E-21 doubles from 100 ms up to the maximum', () => {
    const backoff = new ExponentialBackoff({ initialMs: 100, maxMs: 1000, random: () => 0.5 });
    expect([0, 1, 2, 3, 4, 5, 50].map((retries) => backoff.backoffMs(retries))).toEqual([
      100, 200, 400, 800, 1000, 1000, 1000,
    ]);
  });

  it('is a number of milliseconds after any number of retries, also with retry.backoff.ms=0', () => {
    const waits = [0, 1023, 1024, 5000, 2_147_483_647];
    const at = (initialMs: number) => {
      const backoff = new ExponentialBackoff({ initialMs, maxMs: 1000, random: () => 0.5 });
      return waits.map((retries) => backoff.backoffMs(retries));
    };
    expect(at(0)).toEqual([0, 0, 0, 0, 0]);
    expect(at(1)).toEqual([1, 1000, 1000, 1000, 1000]);
  });

  it.each([0, 1, 2, 3])('E-21 strays by a fifth at most to either side (retry %i)', (retries) => {
    const at = (random: number) =>
      new ExponentialBackoff({ initialMs: 100, maxMs: 1000, random: () => random }).backoffMs(retries);
    const middle = 100 * 2 ** retries;
    expect(at(0)).toBe(middle * 0.8);
    expect(at(0.999999)).toBeGreaterThanOrEqual(Math.min(1000, middle * 1.19));
    expect(at(0.999999)).toBeLessThanOrEqual(Math.min(1000, middle * 1.2));
  });

  it('waits the maximum from the start if that is the shorter', () => {
    const backoff = new ExponentialBackoff({ initialMs: 100, maxMs: 10, random: () => 0.5 });
    expect([0, 1, 2].map((retries) => backoff.backoffMs(retries))).toEqual([10, 10, 10]);
  });
});
