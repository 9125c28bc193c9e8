import { comparedBarsChart } from '../../src/charts/compared-bars';
import { formatCount } from '../../src/charts/format-number';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import { benchmark } from '../../src/lab/load/benchmark';
import { takePayloads } from '../../src/lab/load/payloads';
import type { ProducerConfig } from '../../src/producer/index';
import type { CourseKafka } from '../../src/broker/index';
import type * as probe from './probes/01-high-throughput';
import { configAnswer } from './support/config-answer';
import type { ConfigAnswer } from './support/config-answer';
import { quartiles } from './support/ratio-verdict';
import { compareLoads, recordsPerBatch, bytesPerRecord } from './support/compared-loads';
import type { ComparedLoads } from './support/compared-loads';

const READ_ON = 'notebook 02-configuration, "High throughput against low latency"';

/**
 * Measured with the default config as 1. The load has a clock of its own, so a busy machine measures the same as an idle
 * one. Rush: 16 KB with any linger.ms and codec 1.0 to 1.2; 32 KB 2.1; 64 KB 3.1 to 4.1. Quiet: the default linger.ms 1.0, 10 ms
 * 2.0, 20 ms 4.0, 50 ms 7.5 to 10. Bytes: without a codec 1.0, snappy and lz4 0.24, gzip and zstd 0.14.
 */
const CLEARLY_MORE = 1.8;
const CLEARLY_FEWER = 0.7;

/** 100,000 and 4,000 records a second of the load's clock. */
const RUSH = { records: 6_000, recordsPerMs: 100 };
const QUIET = { records: 1_200, recordsPerMs: 4 };

exercise<typeof probe>(
  '01-high-throughput',
  { exports: ['highThroughput'] },
  ({ graded, run, kafka, chart }) => {
    const comparisons = new Map<typeof RUSH, Promise<ComparedLoads>>();

    const answerOf = async (): Promise<ConfigAnswer> =>
      configAnswer(await run('readConfig', null), { readOn: READ_ON });

    /** The answer first: one that is not started, or that no producer takes, costs no load. */
    async function compared(load: typeof RUSH): Promise<ComparedLoads> {
      const { config } = await answerOf();
      const values = takePayloads('orders', load.records, { seed: 1 }).map(({ value }) => value);
      const { recordsPerMs } = load;
      const loads = comparisons.get(load) ?? compareLoads(await kafka(), config, { values, recordsPerMs });
      comparisons.set(load, loads);
      return loads;
    }

    graded('still safe: acks=all, and idempotent in effect', async () => {
      const { values, explicit } = await answerOf();
      if (values['acks'] !== '-1') {
        throw new WrongAnswer({
          seen: `acks is '${String(values['acks'])}' with this config`,
          expected: "acks 'all': with less, a record that was acknowledged is lost when its leader fails",
          readOn: READ_ON,
        });
      }
      if (values['enable.idempotence'] === true) return;
      const why = explicit.has('enable.idempotence')
        ? ''
        : `, although enable.idempotence was not touched: retries is ${String(values['retries'])}`;
      throw new WrongAnswer({
        seen: `the producer is not idempotent in effect with this config${why}`,
        expected: 'an idempotent producer: without it, a retry can write a record twice',
        readOn: READ_ON,
      });
    });

    graded('a rush: more records in a batch', async () => {
      const { defaults, answer } = await compared(RUSH);
      const [before, now] = [recordsPerBatch(defaults), recordsPerBatch(answer)];
      chart(
        comparedBarsChart({
          title: `In a rush, your config puts ${(now / before).toFixed(1)} times as many records into a batch`,
          subtitle: '6,000 orders, 100 each millisecond, to one partition; counted in the log of the broker.',
          measure: 'records per batch',
          decimals: 0,
          bars: [
            { name: 'defaults', value: before, role: 'baseline' },
            { name: 'your config', value: now, role: 'answer' },
          ],
        }),
      );
      if (now < before * CLEARLY_MORE) {
        throw new WrongAnswer({
          seen: `at 100 orders a millisecond, a batch held ${now.toFixed(0)} records on average; with the defaults it held ${before.toFixed(0)}`,
          expected: `at least ${CLEARLY_MORE} times as many: in a rush, batches leave because they are full, long before their time is up`,
          readOn: READ_ON,
        });
      }
    });

    graded('quieter times: more records in a batch, and fewer requests', async () => {
      const { defaults, answer } = await compared(QUIET);
      const [before, now] = [recordsPerBatch(defaults), recordsPerBatch(answer)];
      chart(
        comparedBarsChart({
          title: `In quieter times, your config needs ${formatCount(answer.requests)} requests instead of ${formatCount(defaults.requests)}`,
          subtitle: '1,200 orders, 4 each millisecond, to one partition.',
          measure: 'requests',
          bars: [
            { name: 'defaults', value: defaults.requests, role: 'baseline' },
            { name: 'your config', value: answer.requests, role: 'answer' },
          ],
        }),
      );
      if (now < before * CLEARLY_MORE || answer.requests * CLEARLY_MORE > defaults.requests) {
        throw new WrongAnswer({
          seen: `at 4 orders a millisecond, 1,200 orders took ${answer.requests} requests with ${now.toFixed(1)} records in a batch; with the defaults, ${defaults.requests} with ${before.toFixed(1)}`,
          expected: `at least ${CLEARLY_MORE} times as many in a batch: here a batch leaves because its time is up, long before it is full`,
          readOn: READ_ON,
        });
      }
    });

    graded('fewer bytes on the wire', async () => {
      const { config } = await answerOf();
      const { defaults, answer } = await compared(RUSH);
      const [before, now] = [bytesPerRecord(defaults), bytesPerRecord(answer)];
      chart(
        comparedBarsChart({
          title: `An order takes ${now.toFixed(1)} bytes on the wire instead of ${before.toFixed(1)}`,
          subtitle: 'The rush: record batches with their headers, as the broker stored them, per order.',
          measure: 'bytes per record',
          decimals: 1,
          bars: [
            { name: 'defaults', value: before, role: 'baseline' },
            { name: 'your config', value: now, role: 'answer' },
          ],
        }),
      );
      chart(await throughputChart(await kafka(), config));
      if (now > before * CLEARLY_FEWER) {
        throw new WrongAnswer({
          seen: `${now.toFixed(1)} bytes on the wire for an order; with the defaults ${before.toFixed(1)}`,
          expected: `at most ${CLEARLY_FEWER * 100} % of that: orders look much alike, and what is alike need not be sent in full`,
          readOn: READ_ON,
        });
      }
    });
  },
);

const ROUNDS = 3;
const DEFAULT_CONFIG = {
  'batch.size': 16_384,
  'linger.ms': 5,
  'compression.type': 'none',
  'buffer.memory': 33_554_432,
} as const;

/** As fast as it goes, in real time, turn and turn about: to be looked at, since a busy machine decides it too. */
async function throughputChart(kafka: CourseKafka, config: ProducerConfig) {
  const measure = async (own: ProducerConfig): Promise<number> => {
    const settings = { messages: 8_000, warmupMessages: 1_000, config: { ...DEFAULT_CONFIG, ...own } };
    return (await benchmark(kafka, settings)).messagesPerSecond;
  };
  const perSecond: { defaults: number[]; answer: number[] } = { defaults: [], answer: [] };
  for (let round = 0; round < ROUNDS; round++) {
    perSecond.defaults.push(await measure({}));
    perSecond.answer.push(await measure(config));
  }
  const [before, now] = [quartiles(perSecond.defaults).median, quartiles(perSecond.answer).median];
  const thousands = (figure: number): string => formatCount(Math.round(figure / 1000) * 1000);
  return comparedBarsChart({
    title: `${thousands(now)} records a second with your config, ${thousands(before)} with the defaults`,
    subtitle: `8,000 orders to six partitions as fast as they go, ${ROUNDS} times in turn, medians; not graded.`,
    measure: 'records per second',
    bars: [
      { name: 'defaults', value: Math.round(before), role: 'baseline' },
      { name: 'your config', value: Math.round(now), role: 'answer' },
    ],
  });
}
