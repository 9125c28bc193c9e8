import type { Cluster } from '../../src/producer/partitioner';
import { RoundRobinPartitioner } from '../../src/producer/round-robin-partitioner';

/** Leaders by partition; -1 for none. The same for every topic. */
function cluster(...leaders: number[]): Cluster {
  const all = leaders.map((leader, partition) => ({ partition, leader }));
  return {
    partitionsForTopic: () => all,
    availablePartitionsForTopic: () => all.filter(({ leader }) => leader >= 0),
  };
}

const record = (topic: string, key: string | null = null) => ({
  topic,
  key,
  keyBytes: key === null ? null : Buffer.from(key),
  value: null,
  valueBytes: null,
});
const counts = (picks: readonly number[], partitions: number) =>
  Array.from({ length: partitions }, (_, partition) => picks.filter((pick) => pick === partition).length);

describe('RoundRobinPartitioner', () => {
  it('goes through the partitions in turn', () => {
    const partitioner = new RoundRobinPartitioner();
    const picks = Array.from({ length: 7 }, () => partitioner.partition(record('t'), cluster(0, 1, 2, 0, 1)));
    expect(picks).toEqual([0, 1, 2, 3, 4, 0, 1]);
  });

  it('B-19 leaves out partitions without a leader, evenly', () => {
    const partitioner = new RoundRobinPartitioner();
    const picks = Array.from({ length: 100 }, () => partitioner.partition(record('t'), cluster(0, -1, 2)));
    expect(counts(picks, 3)).toEqual([50, 0, 50]);
  });

  it('takes all partitions when none has a leader', () => {
    const partitioner = new RoundRobinPartitioner();
    const picks = Array.from({ length: 4 }, () => partitioner.partition(record('t'), cluster(-1, -1)));
    expect(picks).toEqual([0, 1, 0, 1]);
  });

  it.each([null, 'key'])('B-20 ignores the key %p, and counts each topic by itself', (key) => {
    const partitioner = new RoundRobinPartitioner();
    const picks: number[] = [];
    for (let index = 0; index < 30; index++) {
      picks.push(partitioner.partition(record('a', key), cluster(0, 1, 2)));
      if (index % 5 === 0) partitioner.partition(record('b', key), cluster(0, 1, 2));
    }
    expect(counts(picks, 3)).toEqual([10, 10, 10]);
  });
});
