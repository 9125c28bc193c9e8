import { inspect } from 'node:util';
import { partitionComparisonChart } from '../../src/charts/partition-distribution';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import { takeOrders } from '../../src/lab/order';
import type { Order, OrderPriority } from '../../src/lab/order';
import { countPerPartition, partitionStats } from '../../src/lab/log/partition-stats';
import { murmur2, toPositive } from '../../src/producer/index';
import type * as probe from './probes/09-priority-partitioner';
import type { AskedRecord, Placement } from './probes/support/placing';
import { brokerTopic } from './support/broker-topic';
import { show } from './support/show';

const READ_ON = 'notebook 03-partitioning, and the Partitioner interface in the documentation of Kafka';
const PARTITIONS = 6;
const PRIORITIES: readonly OrderPriority[] = ['HIGH', 'NORMAL', 'LOW'];

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
const hex = (key: string): string => Buffer.from(key).toString('hex');
const javaPartition = (keyHex: string): number =>
  toPositive(murmur2(Buffer.from(keyHex, 'hex'))) % PARTITIONS;

const asked = (order: Order, available?: readonly number[]): AskedRecord => ({
  topic: 'orders',
  key: order.customerId === null ? null : hex(order.customerId),
  value: order,
  available,
});

/** Far less likely than this, and no fair draw was at work: one right answer in a million would come out lower. */
const FAIR = 1e-6;

const inTopic = (placement: Placement): placement is { partition: number } =>
  'partition' in placement && range(PARTITIONS).includes(placement.partition);

/** Draws of records without a key: within the topic, and every partition equally likely. */
function judgeDraws(placements: readonly Placement[], situation: string): void {
  const stray = placements.findIndex((placement) => !inTopic(placement));
  if (stray !== -1) {
    throw new WrongAnswer({
      seen: `${situation}, record ${stray + 1} was placed: ${show.placement(placements[stray]!)}`,
      expected: `one of the partitions 0 to ${PARTITIONS - 1}`,
      readOn: READ_ON,
    });
  }
  const partitions = placements.filter(inTopic).map(({ partition }) => partition);
  const { counts, pValue } = partitionStats(countPerPartition(partitions, PARTITIONS));
  if (pValue < FAIR) {
    throw new WrongAnswer({
      seen: `${situation}, the partitions 0 to ${PARTITIONS - 1} got ${counts.join(', ')} of ${placements.length} records`,
      expected: `about ${Math.round(placements.length / PARTITIONS)} each: all partitions are equally likely, with a leader or without, partition 0 among them`,
      readOn: READ_ON,
    });
  }
}

exercise<typeof probe>(
  '09-priority-partitioner',
  { exports: ['PriorityPartitioner'] },
  ({ graded, run, kafka, chart }) => {
    graded('puts every HIGH order into partition 0, with a key or without', async () => {
      const orders = takeOrders(200, { seed: 1, highShare: 1, guestShare: 0.5, customers: 40 });
      // Partition 0 may be without a leader for a moment: the orders wait for it.
      const records = orders.map((order, index) =>
        asked(order, index % 2 === 0 ? undefined : [1, 2, 3, 4, 5]),
      );
      const placements = await run('place', { partitions: PARTITIONS, records, seed: 1 });
      const wrong = placements.findIndex(
        (placement) => !('partition' in placement) || placement.partition !== 0,
      );
      if (wrong !== -1) {
        throw new WrongAnswer({
          seen: `the HIGH order ${orders[wrong]!.orderId} (${orders[wrong]!.customerId ?? 'no key'}) was placed: ${show.placement(placements[wrong]!)}`,
          expected: 'partition 0, whatever its key is and whether partition 0 has a leader or not',
          readOn: READ_ON,
        });
      }
    });

    graded('places all other orders by their key', async () => {
      const orders = takeOrders(400, { seed: 2, highShare: 0, guestShare: 0, customers: 150 });
      const records = [
        ...orders.map((order, index) => asked(order, index % 2 === 0 ? undefined : [0, 2, 4])),
        { topic: 'orders', key: '', value: orders[0] },
        { topic: 'orders', key: 'ff80', value: orders[0] },
      ];
      const placements = await run('place', { partitions: PARTITIONS, records, seed: 2 });
      for (const [index, placement] of placements.entries()) {
        const { key, available } = records[index] as AskedRecord;
        const expected = javaPartition(key!);
        if ('partition' in placement && placement.partition === expected) continue;
        throw new WrongAnswer({
          seen: `an order that is not HIGH, with key ${show.bytes(key!)}, was placed: ${show.placement(placement)}${available === undefined ? '' : `, while only the partitions ${available.join(', ')} have a leader`}`,
          expected: `partition ${expected}: positive murmur2 of the key's bytes, modulo all partitions, as in exercise 06`,
          readOn: READ_ON,
        });
      }
    });

    graded('spreads orders without a key over all partitions, at random', async () => {
      const orders = takeOrders(3_000, { seed: 3, highShare: 0, guestShare: 1 });
      const place = (seed: number | null, available?: readonly number[]): Promise<Placement[]> => {
        const records = orders.map((order) => asked(order, available));
        return run('place', { partitions: PARTITIONS, records, seed });
      };
      const drawn = await place(3);
      judgeDraws(drawn, 'of orders without a key');
      judgeDraws(await place(4, [0, 2, 3, 5]), 'while partitions 1 and 4 have no leader');
      judgeDraws(await place(null), 'made without a random function');
      const text = (placements: readonly Placement[]): string =>
        placements.map((placement) => show.placement(placement)).join();
      const again = text(await place(3));
      if (text(drawn) !== again || again === text(await place(5))) {
        throw new WrongAnswer({
          seen:
            text(drawn) === again
              ? 'two partitioners that were given different random functions chose the same partitions'
              : 'two partitioners that were given random functions with the same numbers chose different partitions',
          expected:
            'the partition is drawn with the function that the constructor is given, and with nothing else',
          readOn: READ_ON,
        });
      }
    });

    graded('takes any value, and only an order can be HIGH', async () => {
      const values = [
        null,
        'HIGH',
        'priority: HIGH',
        '',
        42,
        true,
        [],
        ['HIGH'],
        {},
        { priority: null },
        { priority: 'high' },
        { priority: 'LOW' },
        { status: 'HIGH' },
      ];
      // A key whose home is not partition 0, so that being taken for HIGH shows.
      const key = hex(
        range(100)
          .map((i) => `customer-${i}`)
          .find((one) => javaPartition(hex(one)) === 3)!,
      );
      const records = values.map((value) => ({ topic: 'orders', key, value }));
      const placements = await run('place', { partitions: PARTITIONS, records, seed: 6 });
      for (const [index, placement] of placements.entries()) {
        if ('partition' in placement && placement.partition === 3) continue;
        throw new WrongAnswer({
          seen: `a record with the value ${inspect(values[index])} and the key ${show.bytes(key)} was placed: ${show.placement(placement)}`,
          expected: 'partition 3, by its key: this value is no order with priority HIGH, and no error either',
          readOn: READ_ON,
        });
      }
      const keyless = range(600).map((index) => ({ topic: 'orders', value: values[index % values.length] }));
      judgeDraws(
        await run('place', { partitions: PARTITIONS, records: keyless, seed: 7 }),
        'of records without a key whose values are no orders',
      );
    });

    graded('parts urgent orders from the others, as the log of the broker shows', async () => {
      const orders = takeOrders(3_000, { seed: 9, highShare: 0.15, guestShare: 0.2, customers: 300 });
      const records = orders.map((order) => ({ key: order.customerId, value: order }));
      await brokerTopic(
        await kafka(),
        { name: 'priority-partitioner', partitions: PARTITIONS },
        async ({ topic, connect, readRecords }) => {
          await run('carryOrders', { ...connect, topic, records });
          const stored = (await readRecords()).flatMap((log, partition) => {
            return log.map(({ value }) => ({
              partition,
              order: JSON.parse(value!.toString('utf8')) as Order,
            }));
          });
          const partitionsOf = (wanted: (order: Order) => boolean): number[] =>
            stored.filter(({ order }) => wanted(order)).map(({ partition }) => partition);
          chart(
            partitionComparisonChart({
              series: PRIORITIES.map((priority) => ({
                name: priority,
                records: countPerPartition(
                  partitionsOf((order) => order.priority === priority),
                  PARTITIONS,
                ),
              })),
              subtitle:
                '3,000 orders, a fifth of them without a customer, placed by your PriorityPartitioner',
            }),
          );
          if (stored.length !== orders.length) {
            throw new WrongAnswer({
              seen: `the log holds ${stored.length} orders`,
              expected: `${orders.length} orders, each once`,
              readOn: READ_ON,
            });
          }
          const wrong = stored.find(({ order, partition }) => partition !== (homeOf(order) ?? partition));
          if (wrong !== undefined) {
            throw new WrongAnswer({
              seen: `the broker stored ${JSON.stringify(wrong.order)} in partition ${wrong.partition}`,
              expected: `partition ${homeOf(wrong.order)}: ${wrong.order.priority === 'HIGH' ? 'it is HIGH' : `it is not HIGH, and its key is "${wrong.order.customerId}"`}`,
              readOn: READ_ON,
            });
          }
          judgeDraws(
            partitionsOf((order) => homeOf(order) === undefined).map((partition) => ({ partition })),
            'of the orders in the log that have no key and are not HIGH',
          );
        },
      );
    });
  },
);

/** The one partition that is right for an order; undefined where any is. */
function homeOf({ priority, customerId }: Order): number | undefined {
  if (priority === 'HIGH') return 0;
  return customerId === null ? undefined : javaPartition(hex(customerId));
}
