import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { provisionKafkaTools } from '../../../src/broker/embedded/provision';
import { courseTopics } from '../../../src/broker/topics';
import { bench } from '../../../src/tools/bench/bench';
import type { BenchResult } from '../../../src/tools/bench/bench';
import { contenderNamed } from '../../../src/lab/load/contenders/contender';
import type { BenchPlan } from '../../../src/tools/bench/plan';

const NAMES = [
  ...['Java none', 'ours none', 'ours zstd', 'platformatic lz4', 'platformatic stream lz4'],
  ...['kafkajs arrays of 1000', 'kafkajs send, 256 at once', 'librdkafka lz4'],
];
const tiny = { sizeInBytes: 100, partitions: 2, records: 1000, warmupRecords: 300 };

let kafka: CourseKafka;
let result: BenchResult;

beforeAll(async () => {
  kafka = await useKafka();
  const plan: BenchPlan = {
    rounds: 1,
    isQuick: true,
    contenders: NAMES.map(contenderNamed),
    throughput: [tiny],
    paced: { recordsPerSecond: 1000, workload: { ...tiny, records: 300, warmupRecords: 100 } },
    scaling: [],
  };
  const tools = { ...(await provisionKafkaTools()), python: null };
  result = await bench({ kafka, tools, plan });
}, 240_000);

afterAll(() => kafka.stop());

test('every client sends, and each has all of its figures', () => {
  expect(result.throughput.map(({ name }) => name)).toEqual(NAMES.slice(0, -1));
  for (const row of [...result.throughput, ...result.paced]) {
    const { recordsPerSecond, latencyMs, cpuSecondsPerMillionRecords, peakMemoryBytes } = row;
    const figures = [recordsPerSecond, peakMemoryBytes, latencyMs.p999];
    expect({ name: row.name, measured: figures.every((figure) => figure > 0) }).toEqual({
      name: row.name,
      measured: true,
    });
    // Of Java it is sampled, and a run this short may fall between two ticks of the system's clock.
    expect(cpuSecondsPerMillionRecords).toBeGreaterThanOrEqual(0);
    expect(latencyMs.p50).toBeLessThanOrEqual(latencyMs.p99);
    expect(latencyMs.p99).toBeLessThanOrEqual(latencyMs.p999);
  }
});

test('a client that cannot run is reported and keeps none of the others from running', () => {
  expect(result.failures).toEqual([
    {
      name: 'librdkafka lz4',
      sizeInBytes: 100,
      round: 0,
      message: expect.stringContaining('confluent-kafka') as string,
    },
  ]);
});

test("latency at a steady rate is measured for ours and for Java's", () => {
  expect(result.paced.map(({ name }) => name)).toEqual(['Java none', 'ours none']);
});

test('no topic is left behind', async () => {
  const left = (await courseTopics(kafka)).filter((name) => name.startsWith(`${kafka.topicPrefix}bench-`));
  expect(left).toEqual([]);
});
