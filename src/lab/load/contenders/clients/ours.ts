import { performance } from 'node:perf_hooks';
import { bytesProducer } from '../../course-producer';
import type { BytesProducer } from '../../course-producer';
import { runLoad } from '../../load';
import { BATCH_SIZE, BUFFER_MEMORY } from '../job';
import type { BenchJob, Measurement } from '../job';
import { Meter } from '../meter';

export async function measureOurs(job: BenchJob, values: readonly Buffer[]): Promise<Measurement> {
  const { contender, kafka, lingerMs } = job;
  const producer = bytesProducer(kafka, {
    'client.id': 'bench',
    acks: 'all',
    'enable.idempotence': contender.idempotent,
    'compression.type': contender.codec,
    'batch.size': BATCH_SIZE,
    'linger.ms': lingerMs,
    'buffer.memory': BUFFER_MEMORY,
  });
  const meter = new Meter();
  try {
    const send = sender(producer, job, values, meter);
    if (job.recordsPerSecond === undefined) await saturate(job, send, () => producer.flush());
    else await pace(job, job.recordsPerSecond, send);
    await producer.flush();
    return meter.end();
  } finally {
    await producer.close({ timeoutMs: 10_000 });
  }
}

/** Java's tool does not wait between its sends either, unless they block. */
const SENDS_PER_WAIT = 100;

type SendRecord = (index: number) => Promise<unknown>;

function sender(
  producer: BytesProducer,
  { topic, warmupRecords }: BenchJob,
  values: readonly Buffer[],
  meter: Meter,
): SendRecord {
  return (index) => {
    const value = values[index % values.length] as Buffer;
    if (index < warmupRecords) {
      return producer.send({ topic, value }, (_metadata, error) => {
        if (error !== null) meter.failed(error);
      });
    }
    if (index === warmupRecords) meter.begin();
    const sentMs = performance.now();
    return producer.send({ topic, value }, (_metadata, error) => {
      if (error === null) meter.acknowledged(sentMs);
      else meter.failed(error);
    });
  };
}

async function saturate(
  { warmupRecords, records }: BenchJob,
  send: SendRecord,
  flush: () => Promise<void>,
): Promise<void> {
  await sendAll(0, warmupRecords, send);
  await flush();
  await sendAll(warmupRecords, warmupRecords + records, send);
}

/**
 * send() keeps the order of its calls, and the last of some waits for whatever the others have to wait for. The very last is
 * waited for in any case: flush() knows nothing of a record that still waits for memory.
 */
async function sendAll(from: number, to: number, send: SendRecord): Promise<void> {
  for (let index = from; index < to; index++) {
    const sent = send(index);
    if (index % SENDS_PER_WAIT === 0 || index === to - 1) await sent;
  }
}

async function pace(
  { warmupRecords, records }: BenchJob,
  recordsPerSecond: number,
  send: SendRecord,
): Promise<void> {
  const count = warmupRecords + records;
  const indexes = Array.from({ length: count }, (_, index) => index);
  await runLoad({ records: indexes, count, recordsPerSecond, send });
}
