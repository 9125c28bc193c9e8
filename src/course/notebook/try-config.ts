import { comparedBarsChart } from '../../charts/compared-bars';
import { benchmark, type BenchmarkResult, type BenchmarkSettings } from '../../lab/load/benchmark';
import type { ProducerConfig } from '../../producer/index';
import { chart } from './chart';
import { loadAnswer } from './load-answer.cjs';
import type { NotebookKafka } from './notebook-kafka';
import { asWritten, settledConfig } from './settled-config';
import { table } from './table';
import { OddAnswer, tryAnswer } from './try-answer';

export type ConfigExercise = keyof typeof TRIALS;

/** Counts decide. Times are only shown: they belong to this machine at this moment. */
interface Trial {
  readonly exported: string;
  readonly load: BenchmarkSettings;
  readonly measure: string;
  readonly decimals: number;
  readonly valueOf: (result: BenchmarkResult) => number;
  readonly finding: (defaults: number, yours: number) => string;
}

const TRIALS = {
  '01-high-throughput': {
    exported: 'highThroughput',
    load: { messages: 4000, messagesPerSecond: 4000, warmupMessages: 300, partitions: 3 },
    measure: 'records per batch',
    decimals: 1,
    valueOf: ({ recordsPerBatch }) => recordsPerBatch,
    finding: (defaults, yours) =>
      `Yours puts ${yours.toFixed(1)} records into a batch, the defaults ${defaults.toFixed(1)}`,
  },
  '02-low-latency': {
    exported: 'lowLatency',
    load: { messages: 100, messagesPerSecond: 100, warmupMessages: 30, partitions: 1 },
    measure: 'latency p50 (ms)',
    decimals: 1,
    valueOf: ({ latencyMs }) => latencyMs.p50,
    finding: (defaults, yours) =>
      `A lone record takes ${yours.toFixed(1)} ms with yours, ${defaults.toFixed(1)} ms with the defaults`,
  },
} satisfies Readonly<Record<string, Trial>>;

const SHOWN = ['acks', 'enable.idempotence', 'batch.size', 'linger.ms', 'compression.type'] as const;

/** Measures a learner's config and the defaults under the same load. Grades nothing. */
export function tryConfig(
  exercise: ConfigExercise,
  kafka: NotebookKafka,
  load: () => ProducerConfig = () => savedConfig(exercise, TRIALS[exercise].exported),
): Promise<void> {
  return tryAnswer(exercise, async () => {
    const yours = load();
    const trial: Trial = TRIALS[exercise];
    const candidates = { defaults: {}, yours };
    const results: { name: string; config: ProducerConfig; result: BenchmarkResult }[] = [];
    for (const [name, config] of Object.entries(candidates)) {
      // The benchmark has defaults of its own; here Kafka's are what yours is held against.
      const { values } = settled(config);
      results.push({ name, config, result: await benchmark(kafka.kafka, { ...trial.load, config: values }) });
    }
    table(
      results.map(({ name, config, result }) => ({
        config: name,
        ...settled(config).shown,
        'records per batch': result.recordsPerBatch.toFixed(1),
        requests: result.requests,
        'KB sent': Math.round(result.bytesSent / 1024),
        'latency p50 (ms)': result.latencyMs.p50.toFixed(1),
      })),
    );
    const [before = 0, after = 0] = results.map(({ result }) => trial.valueOf(result));
    await chart(
      comparedBarsChart({
        title: trial.finding(before, after),
        measure: trial.measure,
        decimals: trial.decimals,
        bars: [
          { name: 'defaults', value: before, role: 'baseline' },
          { name: 'yours', value: after, role: 'answer' },
        ],
      }),
    );
  });
}

/** @throws OddAnswer when the file does not export it */
export function savedConfig(exercise: string, name: string): ProducerConfig {
  const config = loadAnswer<Record<string, ProducerConfig>>(exercise, 'config.ts')[name];
  if (config === undefined)
    throw new OddAnswer(`exercises/${exercise}/config.ts does not export ${name} any more.`);
  return config;
}

function settled(config: ProducerConfig): {
  readonly values: ProducerConfig;
  readonly shown: Readonly<Record<string, string>>;
} {
  const resolved = settledConfig(config);
  const defaults = { 'batch.size': resolved['batch.size'], 'linger.ms': resolved['linger.ms'] };
  const values = { ...defaults, acks: 'all', 'compression.type': 'none', ...config } as ProducerConfig;
  return { values, shown: Object.fromEntries(SHOWN.map((name) => [name, asWritten(resolved[name])])) };
}
