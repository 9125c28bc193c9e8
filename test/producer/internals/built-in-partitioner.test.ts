import type { Cluster } from '../../../src/producer/partitioner';
import { BuiltInPartitioner } from '../../../src/producer/internals/built-in-partitioner';
import { StickyPartitionCache } from '../../../src/producer/internals/sticky-partition-cache';

/** The numbers 0 to `below` - 1 one after the other, as a source of "random" numbers for draws from `below`. */
function sequential(below: () => number) {
  let next = 0;
  return () => ((next++ % below()) + 0.5) / below();
}

function clusterOf(leaders: readonly number[]): Cluster {
  const partitions = leaders.map((leader, partition) => ({ partition, leader }));
  return {
    partitionsForTopic: () => partitions,
    availablePartitionsForTopic: () => partitions.filter(({ leader }) => leader !== -1),
  };
}

describe('BuiltInPartitioner', () => {
  it('B-01 stays with a partition until the sticky size went there, then draws another', () => {
    const cluster = clusterOf([0, 0, 0]);
    const partitioner = new BuiltInPartitioner(
      'orders',
      3,
      sequential(() => 3),
    );
    const seen: number[] = [];
    for (let record = 0; record < 4; record++) {
      const sticky = partitioner.current(cluster);
      seen.push(sticky.partition);
      partitioner.update(sticky, 1, cluster, true);
    }
    expect(seen).toEqual([0, 0, 0, 1]);
  });

  it('B-02 switches with a single partition too', () => {
    const cluster = clusterOf([0]);
    const partitioner = new BuiltInPartitioner('orders', 3, Math.random);
    for (let record = 0; record < 10; record++) {
      const sticky = partitioner.current(cluster);
      expect(sticky.partition).toBe(0);
      partitioner.update(sticky, 1, cluster, true);
    }
  });

  it('B-03 never draws a partition without a leader while another has one', () => {
    const cluster = clusterOf([0, -1, 1]);
    const partitioner = new BuiltInPartitioner(
      'orders',
      1,
      sequential(() => 2),
    );
    const drawn = Array.from({ length: 100 }, () => partitioner.nextPartition(cluster));
    expect(new Set(drawn)).toEqual(new Set([0, 2]));
  });

  it('B-04 always draws the only one that has a leader', () => {
    const partitioner = new BuiltInPartitioner('orders', 1, Math.random);
    const drawn = Array.from({ length: 100 }, () => partitioner.nextPartition(clusterOf([-1, 0, -1])));
    expect(new Set(drawn)).toEqual(new Set([1]));
  });

  it('B-05 draws among all when none has a leader', () => {
    const partitioner = new BuiltInPartitioner('orders', 1, Math.random);
    expect(partitioner.nextPartition(clusterOf([-1]))).toBe(0);
  });

  it('B-06 V8 draws by weights of longest queue + 1 - own length', () => {
    const partitioner = new BuiltInPartitioner(
      'orders',
      1,
      sequential(() => 21),
    );
    partitioner.updateLoadStats([5, 0, 3, 0, 1], [0, 1, 2, 3, 4], false);
    const cluster = clusterOf([0, 0, 0, 0, 0]);

    const first = Array.from({ length: 21 }, () => partitioner.nextPartition(cluster));
    const second = Array.from({ length: 21 }, () => partitioner.nextPartition(cluster));

    expect(first).toEqual([0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4]);
    expect(second).toEqual(first);
  });

  it.each([
    [
      [0, 3, 1],
      [4, 5, 8],
    ],
    [
      [1, 7, 2],
      [7, 8, 14],
    ],
    [
      [5, 0, 3, 0, 1],
      [1, 7, 10, 16, 21],
    ],
  ])('B-07 adds weights of queues %j up to %j', (queues, sums) => {
    const partitioner = new BuiltInPartitioner('orders', 1, Math.random);
    partitioner.updateLoadStats(
      queues,
      queues.map((_, partition) => partition),
      false,
    );
    expect(partitioner.cumulativeWeights).toEqual(sums);
  });

  it('B-08 refuses a sticky size below 1', () => {
    expect(() => new BuiltInPartitioner('orders', 0, Math.random)).toThrow('1 or more, not 0');
    expect(() => new BuiltInPartitioner('orders', 1, Math.random)).not.toThrow();
  });

  it('B-09 draws uniformly with one partition, and when all queues are equal and none is left out', () => {
    const partitioner = new BuiltInPartitioner('orders', 1, Math.random);
    partitioner.updateLoadStats([1, 2], [0, 1], false);
    expect(partitioner.cumulativeWeights).not.toBeNull();

    partitioner.updateLoadStats([3, 3, 3], [0, 1, 2], false);
    expect(partitioner.cumulativeWeights).toBeNull();

    partitioner.updateLoadStats([3], [0], false);
    expect(partitioner.cumulativeWeights).toBeNull();

    partitioner.updateLoadStats([3, 3], [0, 2], true);
    expect(partitioner.cumulativeWeights).toEqual([1, 2]);
  });

  it('B-12 switches at twice the sticky size even while switching is held back', () => {
    const cluster = clusterOf([0, 0, 0]);
    const partitioner = new BuiltInPartitioner(
      'orders',
      16_384,
      sequential(() => 3),
    );
    const first = partitioner.current(cluster);

    partitioner.update(first, 10_000, cluster, false);
    partitioner.update(first, 6_384, cluster, false);
    expect(partitioner.isCurrent(first)).toBe(true);

    partitioner.update(first, 16_384, cluster, false);
    expect(partitioner.isCurrent(first)).toBe(false);
  });

  it('B-13 switches at the sticky size, not only above it', () => {
    const cluster = clusterOf([0, 0, 0]);
    const partitioner = new BuiltInPartitioner(
      'orders',
      16_384,
      sequential(() => 3),
    );
    const first = partitioner.current(cluster);

    partitioner.update(first, 12_000, cluster, true);
    partitioner.update(first, 4_000, cluster, true);
    expect(partitioner.isCurrent(first)).toBe(true);

    partitioner.update(first, 384, cluster, true);
    expect(partitioner.isCurrent(first)).toBe(false);
  });
});

describe('StickyPartitionCache', () => {
  it('B-21 keeps a partition, moves on only from the present one, and never to the same again', () => {
    const cluster = clusterOf([0, 1, 2]);
    const cache = new StickyPartitionCache();
    const first = cache.partition('orders', cluster);
    expect(cache.partition('orders', cluster)).toBe(first);

    const second = cache.nextPartition('orders', cluster, first);
    expect(second).not.toBe(first);
    expect(cache.nextPartition('orders', cluster, first)).toBe(second);
    expect(cache.partition('orders', cluster)).toBe(second);
  });

  it('B-21 leaves out partitions without a leader, and has one answer for one partition', () => {
    const cache = new StickyPartitionCache();
    const one = clusterOf([0]);
    expect(cache.nextPartition('alone', one, cache.partition('alone', one))).toBe(0);

    const drawn = new Set<number>();
    for (let at = 0, before = -1; at < 50; at++) {
      before = cache.nextPartition('orders', clusterOf([0, -1, 1]), before);
      drawn.add(before);
    }
    expect(drawn).toEqual(new Set([0, 2]));
  });
});
