import { comparedBarsChart } from '../../src/charts/compared-bars';
import type { ComparedBar } from '../../src/charts/compared-bars';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import { benchmark } from '../../src/lab/load/benchmark';
import type { BenchmarkResult } from '../../src/lab/load/benchmark';
import type * as probe from './probes/02-low-latency';
import { runAnswersLoad } from './support/compared-loads';
import { configAnswer } from './support/config-answer';
import type { ConfigAnswer } from './support/config-answer';

const READ_ON = 'notebook 02-configuration, "High throughput against low latency"';

const BURST = 300;
/**
 * Small, so that even a small batch has room for several. Not smaller: a batch is made as large as its first record may get
 * at most, and two records of ten bytes or fewer fit into that whatever batch.size is, in Java as here.
 */
const VALUE = Buffer.from('price 1234.56 at now');
const QUIET_MS = 100;

/** What exercise 01 is about. */
const FOR_THROUGHPUT = { 'batch.size': 65_536, 'linger.ms': 50, 'compression.type': 'lz4' } as const;
const DEFAULT_CONFIG = {
  'batch.size': 16_384,
  'linger.ms': 5,
  'compression.type': 'none',
  'buffer.memory': 33_554_432,
} as const;
const PACED = { messages: 200, warmupMessages: 20, messagesPerSecond: 200, partitions: 1 };

exercise<typeof probe>('02-low-latency', { exports: ['lowLatency'] }, ({ graded, run, kafka, chart }) => {
  const answerOf = async (): Promise<ConfigAnswer> =>
    configAnswer(await run('readConfig', null), { readOn: READ_ON });

  graded('the word of the leader, and of nobody else', async () => {
    const { values, explicit } = await answerOf();
    if (values['acks'] === '1') return;
    throw new WrongAnswer(
      values['acks'] === '0'
        ? {
            seen: "acks is '0' with this config: the producer calls a record delivered before any broker has seen it",
            expected: 'a producer that is as quick as it can be and still hears of what got lost',
            readOn: READ_ON,
          }
        : {
            seen: `acks is 'all' with this config${explicit.has('acks') ? '' : ', which is the default'}: the slowest replica in sync decides when a record is delivered`,
            expected: 'a producer that waits for the leader alone',
            readOn: READ_ON,
          },
    );
  });

  graded('a burst: one record in a batch', async () => {
    const { config, values } = await answerOf();
    const load = { values: Array.from({ length: BURST }, () => VALUE), recordsPerMs: BURST };
    const { batches, requests } = await runAnswersLoad(await kafka(), config, load);
    const largest = batches.reduce((a, b) => (b.recordCount > a.recordCount ? b : a));
    if (largest.recordCount > 1) {
      throw new WrongAnswer({
        seen: `a burst of ${BURST} records arrived in ${batches.length} batches (${requests} requests); the one at offset ${largest.baseOffset} holds ${largest.recordCount} records`,
        expected: `${BURST} batches: no record shares one, so none has to wait for another`,
        readOn: READ_ON,
      });
    }
    if ((values['batch.size'] as number) > 1) {
      throw new WrongAnswer({
        seen: `no batch held two records of 20 bytes, but batch.size is ${String(values['batch.size'])}`,
        expected: 'a batch.size of 0 or 1, which has no room for a second record of any size',
        readOn: READ_ON,
      });
    }
  });

  graded('a lone record leaves at once', async () => {
    const { config, explicit } = await answerOf();
    const load = { values: [VALUE], recordsPerMs: 1, quietMs: QUIET_MS };
    const { waitedMs } = await runAnswersLoad(await kafka(), config, load);
    const [waited] = waitedMs;
    if (waited === 0) return;
    throw new WrongAnswer({
      seen:
        `one record was sent, and nothing followed: it left after ${waited!.toFixed(0)} ms` +
        `${waited! < QUIET_MS ? '' : ', and only because of a flush()'}${explicit.has('linger.ms') ? '' : '; linger.ms was left at its default'}`,
      expected: '0 ms: there is nothing to wait for, however small the batch',
      readOn: READ_ON,
    });
  });

  graded('200 records a second: all arrive, each in a batch of its own', async () => {
    const { config } = await answerOf();
    const broker = await kafka();
    const batching = await benchmark(broker, { ...PACED, config: FOR_THROUGHPUT });
    const answer = await benchmark(broker, { ...PACED, config: { ...DEFAULT_CONFIG, ...config } });
    chart(latencyChart(batching, answer));
    if (answer.failed > 0 || answer.recordsPerBatch !== 1) {
      throw new WrongAnswer({
        seen: `of ${answer.messages} records, ${answer.failed} failed, in ${answer.batches} batches`,
        expected: 'none failed, and as many batches as records: at 200 a second, no record meets another',
        readOn: READ_ON,
      });
    }
  });
});

function latencyChart(batching: BenchmarkResult, answer: BenchmarkResult) {
  const bars = (['p50', 'p95', 'p99'] as const).flatMap((percentile): ComparedBar[] => [
    { name: `${percentile}, throughput`, value: batching.latencyMs[percentile], role: 'baseline' },
    { name: `${percentile}, yours`, value: answer.latencyMs[percentile], role: 'answer' },
  ]);
  const [theirs, yours] = [batching.latencyMs.p50, answer.latencyMs.p50].map((ms) => ms.toFixed(1));
  return comparedBarsChart({
    title: `Half of the records are delivered within ${yours} ms, ${theirs} ms when set for throughput`,
    subtitle:
      '200 records a second, from when each was due to its response. Grey: 64 KB, linger.ms 50, lz4. Not graded.',
    measure: 'latency (ms)',
    decimals: 1,
    bars,
  });
}
