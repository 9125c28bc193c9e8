import { once } from 'node:events';
import type { Producer } from '@platformatic/kafka';
import { BATCH_SIZE } from '../job';
import type { BenchJob, Measurement } from '../job';
import { Meter } from '../meter';
import { keepInFlight } from './keep-in-flight';

const ACKS_ALL = -1;
const SENDS_IN_FLIGHT = 5;
const RECORDS_PER_SEND = 1000;
/** What its stream holds back; with Node's default of 16 no batch would ever be larger. */
const STREAM_RECORDS = 10 * RECORDS_PER_SEND;

/** `send` with arrays of 1000, five of them at a time. */
export async function measurePlatformaticArrays(
  job: BenchJob,
  values: readonly Buffer[],
): Promise<Measurement> {
  const producer = await connect(job);
  const inFlight = { sends: SENDS_IN_FLIGHT, recordsPerSend: RECORDS_PER_SEND };
  const { topic } = job;
  try {
    return await keepInFlight(job, values, inFlight, (chunk) =>
      producer.send({ messages: chunk.map((value) => ({ topic, value })) }),
    );
  } finally {
    await producer.close();
  }
}

/** One record at a time into its stream, which makes the batches. */
export async function measurePlatformaticStream(
  job: BenchJob,
  values: readonly Buffer[],
): Promise<Measurement> {
  const producer = await connect(job);
  const stream = producer.asStream({
    batchSize: Math.max(RECORDS_PER_SEND, Math.floor((BATCH_SIZE * 6) / (values[0]?.length ?? 1))),
    batchTime: job.lingerMs,
    highWaterMark: STREAM_RECORDS,
    reportMode: 'batch',
  });
  const { topic, warmupRecords, records } = job;
  const total = warmupRecords + records;
  const sentMs = new Float64Array(total);
  const meter = new Meter();
  let acknowledged = 0;
  // One batch is under way at a time, so that reports come in the order of the records.
  stream.on('delivery-report', ({ count }: { count: number }) => {
    for (const end = acknowledged + count; acknowledged < end; acknowledged++) {
      if (acknowledged >= warmupRecords) meter.acknowledged(sentMs[acknowledged] as number);
    }
  });
  try {
    for (let index = 0; index < total; index++) {
      if (index === warmupRecords) {
        while (acknowledged < warmupRecords) await once(stream, 'flush');
        meter.begin();
      }
      sentMs[index] = performance.now();
      const value = values[index % values.length] as Buffer;
      if (!stream.write({ topic, value })) await once(stream, 'drain');
    }
    await stream.close();
    return meter.end();
  } finally {
    await producer.close();
  }
}

async function connect({ kafka, contender }: BenchJob): Promise<Producer<Buffer, Buffer, Buffer, Buffer>> {
  const platformatic = await import('@platformatic/kafka');
  return new platformatic.Producer<Buffer, Buffer, Buffer, Buffer>({
    clientId: 'bench',
    bootstrapBrokers: kafka.bootstrapServers.split(','),
    acks: ACKS_ALL,
    idempotent: contender.idempotent,
    compression: contender.codec,
  });
}
