import { partitionDistributionChart } from '../../src/charts/partition-distribution';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import type * as probe from './probes/07-round-robin-partitioner';
import type { AskedRecord, Placement } from './probes/support/placing';
import { brokerTopic } from './support/broker-topic';
import { show } from './support/show';

const READ_ON = "notebook 03-partitioning, and RoundRobinPartitioner in Kafka's source";

const hex = (key: string): string => Buffer.from(key).toString('hex');
const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** Keys as orders have them: one customer over and over, some others, none, an empty one. */
const KEYS = ['vip', 'vip', 'vip', 'ann', 'bob', null, null, ''];
const keyed = (topic: string, index: number): AskedRecord => {
  const key = KEYS[index % KEYS.length]!;
  return { topic, key: key === null ? null : hex(key) };
};

interface Turns {
  readonly records: readonly AskedRecord[];
  readonly placements: readonly Placement[];
  /** Who takes part, in words and as numbers. */
  readonly allowed: readonly number[];
  readonly situation: string;
}

/**
 * Turns are right when no partition comes again before all others had theirs. That leaves open where the first turn
 * starts, and in which order they go round.
 */
function judgeTurns({ records, placements, allowed, situation }: Turns): void {
  const partitions: number[] = [];
  for (const [index, placement] of placements.entries()) {
    const { topic, key } = records[index]!;
    const which = `record ${index + 1} for topic "${topic}" (${key == null ? 'no key' : `key bytes ${show.bytes(key)}`})`;
    const before = partitions.slice(Math.max(0, index - allowed.length + 1));
    const fine =
      'partition' in placement &&
      allowed.includes(placement.partition) &&
      !before.includes(placement.partition);
    if (!fine) {
      throw new WrongAnswer({
        seen: `${situation}, ${which} was placed: ${show.placement(placement)}${before.length === 0 ? '' : `; the ones before it went to ${before.join(', ')}`}`,
        expected: `one of the partitions ${allowed.join(', ')}, and each of them once before any comes again`,
        readOn: READ_ON,
      });
    }
    partitions.push(placement.partition);
  }
}

exercise<typeof probe>(
  '07-round-robin-partitioner',
  { exports: ['RoundRobinPartitioner'] },
  ({ graded, run, kafka, chart }) => {
    graded('gives every partition its turn, whatever the keys', async () => {
      for (const partitions of [1, 3, 12]) {
        const records = range(4 * partitions).map((index) => keyed('orders', index));
        const placements = await run('place', { partitions, records });
        const situation = `on a topic with ${partitions} partition${partitions === 1 ? '' : 's'}`;
        judgeTurns({ records, placements, allowed: range(partitions), situation });
      }
    });

    graded('keeps a turn for each topic', async () => {
      // Alternating topics and an even number of partitions: with one common turn, each topic would use half of them.
      const records = range(48).map((index) => keyed(index % 2 === 0 ? 'orders' : 'invoices', index));
      const mixed = range(40).map((index) => keyed(index % 5 === 4 ? 'invoices' : 'orders', index));
      for (const run_ of [records, mixed]) {
        const placements = await run('place', { partitions: 4, records: run_ });
        for (const topic of ['orders', 'invoices']) {
          const mine = range(run_.length).filter((index) => run_[index]!.topic === topic);
          judgeTurns({
            records: mine.map((index) => run_[index]!),
            placements: mine.map((index) => placements[index]!),
            allowed: range(4),
            situation: 'while another topic is written to in between',
          });
        }
      }
    });

    graded('passes over partitions that have no leader, and takes all when none has one', async () => {
      const phases = [
        { available: range(6), situation: 'while all six partitions have a leader' },
        { available: [1, 3, 4], situation: 'after partitions 0, 2 and 5 lost their leader' },
        { available: [5], situation: 'while only partition 5 has a leader' },
        { available: [], situation: 'while none of the six partitions has a leader' },
        { available: [0, 1, 2, 3, 4], situation: 'after all but partition 5 got a leader again' },
      ];
      const perPhase = 17;
      const records = phases.flatMap(({ available }) => {
        return range(perPhase).map((index) => ({ ...keyed('orders', index), available }));
      });
      const placements = await run('place', { partitions: 6, records });
      for (const [phase, { available, situation }] of phases.entries()) {
        const [from, to] = [phase * perPhase, (phase + 1) * perPhase];
        judgeTurns({
          records: records.slice(from, to),
          placements: placements.slice(from, to),
          allowed: available.length === 0 ? range(6) : available,
          situation,
        });
      }
    });

    graded('spreads real records evenly, as the log of the broker shows', async () => {
      const partitions = 6;
      // Half of them from one customer: placed by key, one partition would take more than half.
      const records = range(3_000).map((i) => {
        return { key: i % 2 === 0 ? 'customer-1' : `customer-${i % 50}`, value: `order ${i}` };
      });
      await brokerTopic(
        await kafka(),
        { name: 'round-robin-partitioner', partitions },
        async ({ topic, connect, readKeys }) => {
          await run('carryRecords', { ...connect, topic, records });
          const measured = (await readKeys()).map((keys) => keys.length);
          const each = records.length / partitions;
          const expected = range(partitions).map(() => each);
          const subtitle =
            '3,000 orders, half of them from one customer, placed by your RoundRobinPartitioner';
          chart(partitionDistributionChart({ measured, expected, subtitle }));
          const wrong = measured.findIndex((count) => count !== each);
          if (wrong !== -1) {
            throw new WrongAnswer({
              seen: `of ${records.length} orders the log of partition ${wrong} holds ${measured[wrong]} (in all partitions: ${measured.join(', ')})`,
              expected: `${each} orders in each of the ${partitions} partitions`,
              readOn: READ_ON,
            });
          }
        },
      );
    });
  },
);
