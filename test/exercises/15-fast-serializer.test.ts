import { comparedBarsChart } from '../../src/charts/compared-bars';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import { orderBytes, takeOrders } from '../../src/lab/order';
import type { Order } from '../../src/lab/order';
import type * as probe from './probes/15-fast-serializer';
import type { Delays, Serialized } from './probes/15-fast-serializer';
import { brokerTopic } from './support/broker-topic';
import { judgeRatio, quartiles } from './support/ratio-verdict';

const READ_ON = 'notebook 07-tuning-and-pitfalls, "Blocking the sender"';

/** Where JSON and UTF-8 are easily got wrong, and an id that comes again with another amount. */
const SPECIAL: readonly Order[] = [
  { orderId: 'order-"quoted"', customerId: 'back\\slash', priority: 'LOW', amountCents: 1 },
  { orderId: 'line\nbreak\ttab\u0000', customerId: '\u2028', priority: 'HIGH', amountCents: 0 },
  { orderId: 'Żółć-日本-🙂', customerId: 'Ελένη', priority: 'NORMAL', amountCents: -250 },
  { orderId: '', customerId: '', priority: 'NORMAL', amountCents: 9_007_199_254_740_991 },
  { orderId: 'order-again', customerId: 'ann', priority: 'LOW', amountCents: 100 },
  { orderId: 'order-again', customerId: 'ann', priority: 'LOW', amountCents: 200 },
];

function show(serialized: Serialized): string {
  if ('hex' in serialized)
    return `the bytes of ${JSON.stringify(Buffer.from(serialized.hex, 'hex').toString('utf8'))}`;
  if ('isNull' in serialized) return 'null';
  if ('error' in serialized) return `no bytes, but ${serialized.error}: ${serialized.message}`;
  return `${serialized.returned}, which is no Buffer`;
}

exercise<typeof probe>(
  '15-fast-serializer',
  { exports: ['orderSerializer'] },
  ({ graded, run, kafka, chart }) => {
    graded('turns every order into the right bytes', async () => {
      const orders = [...takeOrders(200, { seed: 15, guestShare: 0.3 }), ...SPECIAL];
      const results = await run('serialize', orders);
      for (const [index, result] of results.entries()) {
        const order = orders[index]!;
        if ('hex' in result && result.hex === orderBytes(order).toString('hex')) continue;
        throw new WrongAnswer({
          seen: `for the order ${JSON.stringify(order)} serialize() gave ${show(result)}`,
          expected: `the bytes of ${JSON.stringify(JSON.stringify(order))} in UTF-8, as a Buffer`,
          readOn: READ_ON,
        });
      }
    });

    graded('leaves null as null', async () => {
      const [order] = takeOrders(1, { seed: 15 });
      const results = await run('serialize', [order!, null, order!, null]);
      for (const result of [results[1]!, results[3]!]) {
        if ('isNull' in result) continue;
        throw new WrongAnswer({
          seen: `for null serialize() gave ${show(result)}`,
          expected: 'null: a tombstone has no bytes, and a compacted topic deletes the key because of it',
          readOn: READ_ON,
        });
      }
    });

    graded('does not hold up the event loop', async () => {
      // The slow serializer takes 13 µs an order. Measured 10 to 20 times each on two cores with up to thirty programs
      // waiting for them, the ratios were (lowest lower quartile to highest upper quartile): JSON.stringify 0.02 to 0.04,
      // field by field 0.02 to 0.04, TextEncoder 0.05 to 0.06, with a needless structuredClone 0.13 to 0.14; a tiny file
      // read for each order 0.37 to 0.38, a schema file read and parsed 0.82 to 0.93, 1 ms of waiting over 70. 0.25 is at
      // least 1.5 times from either side, and no quartile came near it.
      const { right, measurement, ratios } = await judgeRatio<Delays>({
        measure: () => run('measureDelays', undefined),
        ratiosOf: ({ answer, slow }) => answer.map((delay, index) => delay / slow[index]!),
        rightUpTo: 0.25,
        wrongFrom: 0.25,
      });
      const answerUs = quartiles(measurement.answer).median;
      const slowUs = quartiles(measurement.slow).median;
      const share = Math.round(ratios.median * 100);
      chart(
        comparedBarsChart({
          title: `Your serializer holds up the event loop ${right ? `for ${share} % of the time that a slow one takes` : `${ratios.median.toFixed(1)} times as long as a slow one`}`,
          subtitle:
            'A burst of 100 orders; the slow serializer parses its schema again for each of them. Medians.',
          measure: 'event-loop delay (µs)',
          bars: [
            { name: 'slow serializer', value: slowUs, role: 'baseline' },
            { name: 'your serializer', value: answerUs, role: 'answer' },
          ],
        }),
      );
      if (!right) {
        throw new WrongAnswer({
          seen: `a burst of 100 orders held up the event loop for ${Math.round(answerUs)} µs; a serializer that parses its schema for every order took ${Math.round(slowUs)} µs in the same run`,
          expected: `at most a quarter of that, ${Math.round(slowUs / 4)} µs: while serialize() runs, nothing is sent and no answer is read`,
          readOn: READ_ON,
        });
      }
    });

    graded('never changes a buffer that it has handed out', async () => {
      const orders = takeOrders(500, { seed: 16 });
      const changed = await run('keepBuffers', orders);
      if (changed === null) return;
      throw new WrongAnswer({
        seen: `the buffer of ${orders[changed.index]!.orderId} held ${JSON.stringify(changed.after)} after more orders had been serialized`,
        expected: `still ${JSON.stringify(changed.before)}: whoever was handed a buffer may read it later`,
        readOn: READ_ON,
      });
    });

    graded('carries orders and tombstones, as the log of the broker shows', async () => {
      const orders = [...takeOrders(2_000, { seed: 17, guestShare: 0 }), ...SPECIAL];
      const records = orders.map((order, index) => {
        return { key: `key-${index}`, value: index % 10 === 9 ? null : order };
      });
      await brokerTopic(
        await kafka(),
        { name: 'fast-serializer', partitions: 3 },
        async ({ topic, connect, readRecords }) => {
          await run('carryOrders', { ...connect, topic, records });
          const stored = new Map(
            (await readRecords()).flat().map(({ key, value }) => [key!.toString('utf8'), value]),
          );
          for (const { key, value } of records) {
            const found = stored.get(key);
            const expected = orderBytes(value);
            const same = expected === null ? found === null : found?.equals(expected) === true;
            if (same) continue;
            throw new WrongAnswer({
              seen: `the log holds for "${key}": ${found === undefined ? 'no record' : found === null ? 'null' : JSON.stringify(found.toString('utf8'))}`,
              expected: value === null ? 'null, a tombstone' : JSON.stringify(value),
              readOn: READ_ON,
            });
          }
        },
      );
    });
  },
);
