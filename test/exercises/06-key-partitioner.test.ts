import { partitionDistributionChart } from '../../src/charts/partition-distribution';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import { murmur2, toPositive } from '../../src/producer/index';
import type * as probe from './probes/06-key-partitioner';
import { brokerTopic } from './support/broker-topic';
import { show } from './support/show';

const TOPIC = 'orders';
const PARTITIONS = 12;
const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const READ_ON = 'notebook 03-partitioning, "The rule, by hand"';

const hex = (key: string): string => Buffer.from(key).toString('hex');
const javaPartition = (keyHex: string, partitions = PARTITIONS): number =>
  toPositive(murmur2(Buffer.from(keyHex, 'hex'))) % partitions;

/** Words, numbers, text beyond ASCII, and bytes that are no text at all: a key is bytes (behaviours ). */
const KEYS = [
  ...['21', 'foobar', 'a-little-bit-long-string', 'a-little-bit-longer-string', 'abc', 'key', 'user-42'].map(
    hex,
  ),
  ...['héllo', '日本', '🙂', ...Array.from({ length: 40 }, (_, i) => `customer-${i}`)].map(hex),
  ...['ff', '808080', 'ffffffffffffff', '00000001', Buffer.from(ALL).toString('hex')],
];

exercise<typeof probe>(
  '06-key-partitioner',
  { exports: ['KeyPartitioner'] },
  ({ graded, run, kafka, chart }) => {
    graded('places every key where Java places it', async () => {
      const placed = await run('place', { topic: TOPIC, keys: KEYS, partitions: PARTITIONS, available: ALL });
      for (const [index, placement] of placed.entries()) {
        const key = KEYS[index]!;
        const expected = javaPartition(key);
        if ('partition' in placement && placement.partition === expected) continue;
        const hash = murmur2(Buffer.from(key, 'hex'));
        throw new WrongAnswer({
          seen: `the key with bytes ${show.bytes(key)} was placed: ${show.placement(placement)}`,
          expected: `partition ${expected} of ${PARTITIONS}: its murmur2 hash is ${hash}, made positive ${toPositive(hash)}`,
          readOn: READ_ON,
        });
      }
    });

    graded('counts all partitions, also those that have no leader', async () => {
      const available = ALL.filter((partition) => partition % 3 !== 0);
      const placed = await run('place', { topic: TOPIC, keys: KEYS, partitions: PARTITIONS, available });
      for (const [index, placement] of placed.entries()) {
        const expected = javaPartition(KEYS[index]!);
        if ('partition' in placement && placement.partition === expected) continue;
        throw new WrongAnswer({
          seen: `with ${available.length} of ${PARTITIONS} partitions available, the key ${show.bytes(KEYS[index]!)} was placed: ${show.placement(placement)}`,
          expected: `partition ${expected}, as when all are available: a key must not move because a broker is down`,
          readOn: READ_ON,
        });
      }
    });

    graded('refuses a record without a key, and takes an empty key', async () => {
      const input = { topic: 'invoices', keys: [null, ''], partitions: PARTITIONS, available: ALL };
      const [without, empty] = await run('place', input);
      if (!('error' in without!) || without.error !== 'TypeError' || !without.message.includes('invoices')) {
        throw new WrongAnswer({
          seen: `a record without a key (keyBytes null) for topic "invoices" was placed: ${show.placement(without!)}`,
          expected: 'a TypeError whose message names the topic "invoices"',
          readOn: READ_ON,
        });
      }
      const expected = javaPartition('');
      if (!('partition' in empty!) || empty.partition !== expected) {
        throw new WrongAnswer({
          seen: `a record whose key is empty (keyBytes of length 0) was placed: ${show.placement(empty!)}`,
          expected: `partition ${expected}: no bytes have a hash too (${murmur2(Buffer.alloc(0))}), so an empty key is a key`,
          readOn: READ_ON,
        });
      }
    });

    graded('puts real records where Java would, as the log of the broker shows', async () => {
      const records = orders(3_000);
      await brokerTopic(
        await kafka(),
        { name: 'key-partitioner', partitions: 6 },
        async ({ topic, connect, readKeys }) => {
          await run('carryRecords', { ...connect, topic, records });
          const stored = await readKeys();
          const measured = stored.map((keys) => keys.length);
          const expected = Array.from({ length: 6 }, (_, partition) => {
            return records.filter(({ key }) => javaPartition(hex(key), 6) === partition).length;
          });
          chart(
            partitionDistributionChart({
              measured,
              expected,
              subtitle: '3,000 orders of 400 customers, placed by your KeyPartitioner',
            }),
          );
          const stray = stored.flatMap((keys, partition) => keys.map((key) => ({ key, partition })));
          const wrong = stray.find(({ key, partition }) => javaPartition(hex(key), 6) !== partition);
          if (stray.length !== records.length || wrong !== undefined) {
            throw new WrongAnswer({
              seen:
                wrong === undefined
                  ? `the log holds ${stray.length} records`
                  : `the broker stored a record with key "${wrong.key}" in partition ${wrong.partition}`,
              expected:
                wrong === undefined
                  ? `${records.length} records, each once`
                  : `partition ${javaPartition(hex(wrong.key), 6)} of 6, with all other records of that key`,
              readOn: READ_ON,
            });
          }
        },
      );
    });
  },
);

/** Orders of 400 customers, a few of whom order a lot, as customers do. */
function orders(count: number): { key: string; value: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const customer = i % 10 === 0 ? i % 40 : (i * 7919) % 400;
    return { key: `customer-${customer}`, value: `order ${i}` };
  });
}
