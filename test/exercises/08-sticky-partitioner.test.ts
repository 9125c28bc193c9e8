import { comparedBarsChart } from '../../src/charts/compared-bars';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import { murmur2, RoundRobinPartitioner, StringSerializer, toPositive } from '../../src/producer/index';
import type * as probe from './probes/08-sticky-partitioner';
import { carry } from './probes/support/carry';
import type { AskedRecord, Placement } from './probes/support/placing';
import { brokerTopic } from './support/broker-topic';
import { show } from './support/show';

const READ_ON = 'notebook 03-partitioning, and KIP-794';

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
const hex = (key: string): string => Buffer.from(key).toString('hex');
const javaPartition = (keyHex: string, partitions: number): number =>
  toPositive(murmur2(Buffer.from(keyHex, 'hex'))) % partitions;
const bytesOf = (record: AskedRecord): number =>
  typeof record.value === 'string' ? Buffer.byteLength(record.value) : 0;
const keyless = (value: string | null, topic = 'orders'): AskedRecord => ({ topic, value });

/** So many that two draws in a row hardly ever hit the same one: a switch shows. */
const MANY_PARTITIONS = 100;

/** The records without a key, in the groups that have to stay together. */
function stays(records: readonly AskedRecord[], batchSize: number): number[][] {
  const groups: number[][] = [];
  let bytes = Infinity;
  for (const [index, record] of records.entries()) {
    if (bytes >= batchSize) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(index);
    bytes += bytesOf(record);
  }
  return groups;
}

interface Stays {
  readonly records: readonly AskedRecord[];
  readonly placements: readonly Placement[];
  readonly batchSize: number;
  readonly situation: string;
}

/** Within a stay nothing moves. After it the next draw may hit the same partition, but not every time. */
function judgeStays({ records, placements, batchSize, situation }: Stays): void {
  const partitions = placements.map((placement, index) => {
    if ('partition' in placement && range(MANY_PARTITIONS).includes(placement.partition)) {
      return placement.partition;
    }
    throw new WrongAnswer({
      seen: `${situation}, keyless record ${index + 1} was placed: ${show.placement(placement)}`,
      expected: `one of the partitions 0 to ${MANY_PARTITIONS - 1}`,
      readOn: READ_ON,
    });
  });
  const groups = stays(records, batchSize);
  for (const group of groups) {
    const home = partitions[group[0]!]!;
    let bytes = 0;
    for (const index of group) {
      if (partitions[index] !== home) {
        throw new WrongAnswer({
          seen: `${situation} (batch.size ${batchSize}), keyless record ${index + 1} (${bytesOf(records[index]!)} bytes) went to partition ${partitions[index]}, when ${bytes} bytes had gone to partition ${home} since it was drawn`,
          expected: `partition ${home}: a partition is left for the record after the one that brings it to ${batchSize} bytes or more, not earlier and not later`,
          readOn: READ_ON,
        });
      }
      bytes += bytesOf(records[index]!);
    }
  }
  const moves = groups.slice(1).filter((group) => partitions[group[0]!] !== partitions[group[0]! - 1]);
  if (moves.length < (groups.length - 1) / 2) {
    throw new WrongAnswer({
      seen: `${situation} (batch.size ${batchSize}), after ${groups.length - 1} times that many bytes, only ${moves.length} times another of the ${MANY_PARTITIONS} partitions was used`,
      expected: `a random partition is drawn each time ${batchSize} bytes went to the present one`,
      readOn: READ_ON,
    });
  }
}

exercise<typeof probe>(
  '08-sticky-partitioner',
  { exports: ['StickyPartitioner'] },
  ({ graded, run, kafka, chart }) => {
    graded('stays on a partition until batch.size bytes went there', async () => {
      const texts = (lengths: readonly number[], count: number): AskedRecord[] =>
        range(count).map((index) => keyless('x'.repeat(lengths[index % lengths.length]!)));
      const cases = [
        // Filled to the byte, five times: exactly batch.size is enough.
        { situation: 'with records of 20 bytes', batchSize: 100, records: texts([20], 60) },
        { situation: 'with records of 30 bytes', batchSize: 100, records: texts([30], 60) },
        {
          situation: 'with records of 7, 400 and 90 bytes',
          batchSize: 1000,
          records: texts([7, 400, 90], 90),
        },
        { situation: 'with records larger than a batch', batchSize: 50, records: texts([60, 10, 20], 60) },
        // Four bytes each in UTF-8, and half as many "characters" in JavaScript.
        {
          situation: 'with records of 3 emoji (12 bytes)',
          batchSize: 100,
          records: range(60).map(() => keyless('🙂'.repeat(3))),
        },
        {
          situation: 'with tombstones (null, 0 bytes) between records of 25 bytes',
          batchSize: 100,
          records: range(90).map((i) => keyless(i % 3 === 0 ? 'x'.repeat(25) : null)),
        },
      ];
      for (const { situation, batchSize, records } of cases) {
        const input = { partitions: MANY_PARTITIONS, batchSize, records, random: 42 };
        judgeStays({ situation, batchSize, records, placements: await run('place', input) });
      }
    });

    graded('places records with a key by their key, and does not count them', async () => {
      const keys = ['customer-1', 'customer-2', '', 'customer-3', 'ключ'].map(hex);
      // Two large keyed records after each keyless one: counted, they would fill a batch at once.
      const records = range(120).map((index): AskedRecord => {
        if (index % 3 === 0) return keyless('x'.repeat(20));
        return { topic: 'orders', key: keys[index % keys.length]!, value: 'y'.repeat(150) };
      });
      const available = range(MANY_PARTITIONS).filter((partition) => partition % 4 !== 0);
      const input = { partitions: MANY_PARTITIONS, batchSize: 100, random: 7 };
      const placements = await run('place', {
        ...input,
        records: records.map((record) => ({ ...record, available })),
      });
      for (const [index, { key }] of records.entries()) {
        if (key == null) continue;
        const expected = javaPartition(key, MANY_PARTITIONS);
        const placement = placements[index]!;
        if ('partition' in placement && placement.partition === expected) continue;
        throw new WrongAnswer({
          seen: `the key ${show.bytes(key)} was placed: ${show.placement(placement)}, while a quarter of the ${MANY_PARTITIONS} partitions had no leader`,
          expected: `partition ${expected}: positive murmur2 of the key's bytes, modulo all partitions, as in exercise 06`,
          readOn: READ_ON,
        });
      }
      const without = range(records.length).filter((index) => records[index]!.key == null);
      judgeStays({
        records: without.map((index) => records[index]!),
        placements: without.map((index) => placements[index]!),
        batchSize: 100,
        situation: 'with records that have a key in between',
      });
    });

    graded('keeps a partition for each topic', async () => {
      const records = range(120).map((index) =>
        keyless('x'.repeat(20), index % 2 === 0 ? 'orders' : 'invoices'),
      );
      const input = { partitions: MANY_PARTITIONS, batchSize: 100, records, random: 11 };
      const placements = await run('place', input);
      for (const topic of ['orders', 'invoices']) {
        const mine = range(records.length).filter((index) => records[index]!.topic === topic);
        judgeStays({
          records: mine.map((index) => records[index]!),
          placements: mine.map((index) => placements[index]!),
          batchSize: 100,
          situation: `on topic "${topic}", while another topic is written to in between`,
        });
      }
    });

    graded('leaves a partition that has lost its leader, and begins to count again', async () => {
      const input = { partitions: 6, batchSize: 1000, value: 'x'.repeat(100), recordsPerStay: 4, stays: 20 };
      const rounds = await run('loseLeaders', input);
      for (const [round, { available, placements }] of rounds.entries()) {
        const [home] = placements;
        for (const [index, placement] of placements.entries()) {
          const fine = 'partition' in placement && available.includes(placement.partition);
          if (fine && 'partition' in home! && placement.partition === home.partition) continue;
          const soFar =
            index === 0
              ? ''
              : `, after ${index} records of 100 bytes to partition ${show.placement(home!).replace('partition ', '')}`;
          throw new WrongAnswer({
            seen: `while ${available.length} of 6 partitions have a leader (${available.join(', ')}), a record of 100 bytes was placed: ${show.placement(placement)}${soFar} (batch.size 1000, round ${round + 1})`,
            expected: fine
              ? 'the same partition until 1000 bytes went there: what went to the partition that was left does not count for the new one'
              : 'a partition that has a leader: the old one lost its leader just before this record',
            readOn: READ_ON,
          });
        }
      }
    });

    graded('draws from the random it is given, among available partitions only', async () => {
      const available = [0, 2, 3, 5];
      // Every record fills a batch, so each one is a draw: 1,000 for each partition, give or take 27 (one standard
      // deviation). With Math.round, the first and the last come up 667 times.
      const records = range(4_000).map(() => ({ ...keyless('x'.repeat(100)), available }));
      const input = { partitions: 7, batchSize: 100, records };
      const numbers = (placements: readonly Placement[]): number[] =>
        placements.map((placement, index) => {
          if ('partition' in placement && available.includes(placement.partition)) return placement.partition;
          throw new WrongAnswer({
            seen: `keyless record ${index + 1} was placed: ${show.placement(placement)}`,
            expected: `one of the partitions ${available.join(', ')}: the others have no leader`,
            readOn: READ_ON,
          });
        });
      const drawn = numbers(await run('place', { ...input, random: 1 }));
      numbers(await run('placeByDefault', input));
      // The ends of what random() can return are where an index runs over the end of the list.
      numbers(await run('place', { ...input, random: [0, 0.999_999_999, 0.5, 0.249_999_999, 0.75] }));
      const rare = available.find((partition) => drawn.filter((one) => one === partition).length < 830);
      if (rare !== undefined) {
        throw new WrongAnswer({
          seen: `in 4,000 draws among the partitions ${available.join(', ')}, partition ${rare} came up ${drawn.filter((one) => one === rare).length} times`,
          expected: 'about 1,000 times: all available partitions are equally likely',
          readOn: READ_ON,
        });
      }
      const again = numbers(await run('place', { ...input, random: 1 }));
      const other = numbers(await run('place', { ...input, random: 2 }));
      if (drawn.join() !== again.join() || drawn.join() === other.join()) {
        throw new WrongAnswer({
          seen:
            drawn.join() === other.join()
              ? `two partitioners that were given different random functions chose the same partitions: ${drawn.slice(0, 12).join(', ')} …`
              : 'two partitioners that were given random functions with the same numbers chose different partitions',
          expected:
            'the partition is drawn with the function that the constructor is given, and with nothing else',
          readOn: READ_ON,
        });
      }
    });

    graded(
      'fills batches better than round robin under the same load, as the log of the broker shows',
      async () => {
        const partitions = 12;
        // 3,000 records of 100 bytes in bursts of 120, each flushed, as a service does that confirms what it was asked.
        // Batches leave when they are full or flushed and never because time went by: the figures do not depend on the machine.
        const load = {
          records: range(3_000).map((i) => ({ value: `order ${String(i).padStart(94, '0')}` })),
          config: { 'batch.size': 16_384, 'linger.ms': 60_000 },
          flushEvery: 120,
        };
        const perBatch = new Map<string, number>();
        const kafkaOfRun = await kafka();
        for (const who of ['yours', 'round robin']) {
          await brokerTopic(
            kafkaOfRun,
            { name: `sticky-${who}`, partitions },
            async ({ topic, connect, readBatches }) => {
              if (who === 'yours') await run('carryRecords', { ...connect, topic, ...load });
              else {
                const valueSerializer = new StringSerializer();
                await carry({
                  ...connect,
                  topic,
                  ...load,
                  valueSerializer,
                  partitioner: new RoundRobinPartitioner(),
                });
              }
              const batches = (await readBatches()).flat();
              const stored = batches.reduce((sum, { recordCount }) => sum + recordCount, 0);
              if (stored !== load.records.length) {
                throw new WrongAnswer({
                  seen: `the log holds ${stored} records`,
                  expected: `${load.records.length} records, each once`,
                  readOn: READ_ON,
                });
              }
              perBatch.set(who, stored / batches.length);
            },
          );
        }
        const [yours, roundRobin] = ['yours', 'round robin'].map((who) => perBatch.get(who)!) as [
          number,
          number,
        ];
        const times = yours / roundRobin;
        chart(
          comparedBarsChart({
            title: `Your partitioner puts ${times.toFixed(1)} times as many records into a batch as round robin`,
            subtitle:
              '3,000 orders without a key, in bursts of 120, to 12 partitions; counted in the log of the broker',
            measure: 'records per batch',
            decimals: 1,
            bars: [
              { name: 'round robin', value: roundRobin, role: 'baseline' },
              { name: 'your StickyPartitioner', value: yours, role: 'answer' },
            ],
          }),
        );
        // Round robin: 10 (each burst over 12 partitions). The solution: about 7 times as many. A partitioner that draws for
        // every record: 1.0 times. Nothing of it depends on time, so 3 is far from both on any machine.
        if (times < 3) {
          throw new WrongAnswer({
            seen: `${yours.toFixed(1)} records per batch, where round robin had ${roundRobin.toFixed(1)} with the same records and the same flushes`,
            expected:
              'at least 3 times as many: a burst of 120 records should fill one or two batches, not twelve',
            readOn: READ_ON,
          });
        }
      },
    );
  },
);
