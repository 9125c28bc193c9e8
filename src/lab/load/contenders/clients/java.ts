import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { jvmEnvironment, NEUTRAL_JVM_FLAGS } from '../../../../broker/embedded/jvm-environment';
import { lastLines } from '../../../../support/run-command';
import { BATCH_SIZE, BUFFER_MEMORY } from '../job';
import type { BenchJob, Measurement } from '../job';
import { parseTotal, steadyRate } from '../producer-performance';
import type { ProducerPerformanceTotal } from '../producer-performance';
import { UsageSamples } from '../usage-samples';

/** What Kafka's own kafka-producer-perf-test.sh starts Java with. */
const JVM_FLAGS = [
  '-Xmx512M',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-Djava.awt.headless=true',
  // Figures are printed in the language of the machine otherwise.
  ...NEUTRAL_JVM_FLAGS,
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];

/** Java's producer, driven by Kafka's own ProducerPerformance. */
export async function measureJava(job: BenchJob): Promise<Measurement> {
  const { java, classPath } = job.tools;
  const args = [...JVM_FLAGS, '-cp', classPath, 'org.apache.kafka.tools.ProducerPerformance'];
  const child = spawn(java, [...args, ...toolArguments(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: jvmEnvironment(),
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const usage = new UsageSamples(child.pid as number);
  let total: ProducerPerformanceTotal | null = null;
  const lines: string[] = [];
  let endedMs = 0;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      const found = parseTotal(line, { warm: job.warmupRecords > 0 });
      if (found === null) return;
      endedMs = performance.now();
      total = found;
    });
  }
  const [exitCode] = (await once(child, 'close')) as [number | null];
  usage.stop();
  const measured = total as ProducerPerformanceTotal | null;
  if (exitCode !== 0 || measured === null) {
    throw new Error(`ProducerPerformance ended with code ${exitCode}: ${lastLines(lines.join('\n'), 3)}`);
  }
  const totalMs = (measured.records * 1000) / measured.recordsPerSecond;
  const durationMs = (measured.records * 1000) / (steadyRate(lines) ?? measured.recordsPerSecond);
  const cpuShare = usage.cpuMsBetween(endedMs - totalMs, endedMs) / totalMs;
  return {
    records: measured.records,
    durationMs,
    latencyMs: measured.latencyMs,
    cpuMs: cpuShare * durationMs,
    peakMemoryBytes: usage.peakMemoryBytes,
  };
}

function toolArguments({
  kafka,
  topic,
  contender,
  warmupRecords,
  records,
  payloadFile,
  lingerMs,
  recordsPerSecond = -1,
}: BenchJob): string[] {
  const properties: Record<string, string | number | boolean> = {
    'client.id': 'bench',
    acks: 'all',
    'enable.idempotence': contender.idempotent,
    'compression.type': contender.codec,
    'batch.size': BATCH_SIZE,
    'linger.ms': lingerMs,
    'buffer.memory': BUFFER_MEMORY,
  };
  return [
    ...['--bootstrap-server', kafka.bootstrapServers],
    ...['--topic', topic],
    ...['--num-records', String(warmupRecords + records)],
    ...(warmupRecords > 0 ? ['--warmup-records', String(warmupRecords)] : []),
    ...['--throughput', String(recordsPerSecond)],
    ...['--payload-file', payloadFile],
    ...['--reporting-interval', '100'],
    '--command-property',
    ...Object.entries(properties).map(([name, value]) => `${name}=${value}`),
  ];
}
