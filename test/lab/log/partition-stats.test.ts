import { chiSquareTail } from '../../../src/lab/log/chi-square';
import { countPerPartition, partitionStats } from '../../../src/lab/log/partition-stats';
import { SeededRandom } from '../../../src/support/seeded-random';

describe('chiSquareTail', () => {
  it.each([
    // Abramowitz and Stegun, table 26.8.
    [3.841459, 1, 0.05],
    [6.634897, 1, 0.01],
    [9.487729, 4, 0.05],
    [11.0705, 5, 0.05],
    [18.30704, 10, 0.05],
    [29.5883, 10, 0.001],
    [3.9403, 10, 0.95],
    [124.342, 100, 0.05],
  ])('of %d with %d degrees of freedom is %d', (chiSquare, degreesOfFreedom, probability) => {
    expect(chiSquareTail(chiSquare, degreesOfFreedom)).toBeCloseTo(probability, 5);
  });

  it('is 1 for no deviation at all, and nearly 0 for a huge one', () => {
    expect(chiSquareTail(0, 5)).toBe(1);
    expect(chiSquareTail(10_000, 5)).toBeLessThan(1e-100);
  });
});

describe('partitionStats', () => {
  it('finds nothing to complain about in an even spread', () => {
    expect(partitionStats([100, 100, 100, 100])).toMatchObject({
      partitions: 4,
      records: 400,
      mean: 100,
      maxOverMean: 1,
      coefficientOfVariation: 0,
      chiSquare: 0,
      pValue: 1,
      emptyPartitions: 0,
    });
  });

  it('gives the textbook figures for dice: 60 throws, 5 8 9 8 10 20', () => {
    const stats = partitionStats([5, 8, 9, 8, 10, 20]);
    expect(stats.chiSquare).toBeCloseTo(13.4, 10);
    expect(stats.pValue).toBeCloseTo(0.0199, 4);
    expect(stats.maxOverMean).toBe(2);
    expect(stats.hottestPartition).toBe(5);
  });

  it('reports everything in one of n partitions as n times the mean', () => {
    const stats = partitionStats([0, 900, 0]);
    expect(stats).toMatchObject({ hottestPartition: 1, emptyPartitions: 2, maxOverMean: 3 });
    expect(stats.coefficientOfVariation).toBeCloseTo(Math.SQRT2, 10);
    expect(stats.pValue).toBeLessThan(1e-100);
  });

  it('tells chance from skew', () => {
    const random = new SeededRandom(11);
    const fair = Array.from({ length: 6000 }, () => random.integer(0, 5));
    const skewed = fair.map((partition) => (random.chance(0.1) ? 0 : partition));
    expect(partitionStats(countPerPartition(fair, 6)).pValue).toBeGreaterThan(0.01);
    expect(partitionStats(countPerPartition(skewed, 6)).pValue).toBeLessThan(1e-6);
  });

  it('takes one partition, and a topic without records, as even', () => {
    expect(partitionStats([42])).toMatchObject({ maxOverMean: 1, pValue: 1 });
    expect(partitionStats([0, 0])).toMatchObject({ maxOverMean: 1, pValue: 1, hottestPartition: null });
  });

  it('refuses what is no count', () => {
    expect(() => partitionStats([])).toThrow(RangeError);
    expect(() => partitionStats([1, -1])).toThrow('partition 1 has -1');
    expect(() => countPerPartition([0, 3], 3)).toThrow('Partition 3 is not one of the 3 partitions');
  });
});
