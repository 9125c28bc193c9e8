import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { lastLines } from '../../../../support/run-command';
import { BATCH_SIZE, BUFFER_MEMORY } from '../job';
import type { BenchJob, Measurement } from '../job';

const SCRIPT = path.join(__dirname, 'librdkafka.py');
/** Its queue has a limit in records besides the one in bytes; 100,000 by default, which 64 MB of small ones exceed. */
const BUFFERED_RECORDS = 1_000_000;

/** librdkafka through its Python binding: the binding's own cost for each record is part of the figure. */
export async function measureLibrdkafka(job: BenchJob): Promise<Measurement> {
  const { python } = job.tools;
  if (python === null) throw new Error('There is no Python with confluent-kafka.');
  const { topic, payloadFile, warmupRecords, records } = job;
  const task = { topic, payloadFile, warmupRecords, records, config: configOf(job) };
  const child = spawn(python, [SCRIPT, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe'] });
  process.on('exit', () => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`librdkafka ended with code ${exitCode}: ${lastLines(stderr, 3)}`);
  return JSON.parse(stdout) as Measurement;
}

function configOf({ kafka, contender, lingerMs }: BenchJob): Record<string, string | number | boolean> {
  return {
    'bootstrap.servers': kafka.bootstrapServers,
    'client.id': 'bench',
    acks: 'all',
    'enable.idempotence': contender.idempotent,
    'compression.type': contender.codec,
    'batch.size': BATCH_SIZE,
    'linger.ms': lingerMs,
    'queue.buffering.max.kbytes': BUFFER_MEMORY / 1024,
    'queue.buffering.max.messages': BUFFERED_RECORDS,
  };
}
