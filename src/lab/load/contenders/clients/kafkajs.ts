import { Kafka } from 'kafkajs';
import { kafkaJsConfig } from '../../../../broker/index';
import type { BenchJob, Measurement } from '../job';
import { keepInFlight } from './keep-in-flight';
import type { InFlight } from './keep-in-flight';

const ACKS_ALL = -1;

export async function measureKafkaJs(
  job: BenchJob,
  values: readonly Buffer[],
  inFlight: InFlight,
): Promise<Measurement> {
  const producer = new Kafka(kafkaJsConfig(job.kafka)).producer();
  await producer.connect();
  try {
    return await keepInFlight(job, values, inFlight, (chunk) =>
      producer.send({
        topic: job.topic,
        acks: ACKS_ALL,
        messages: chunk.map((value) => ({ value })),
      }),
    );
  } finally {
    await producer.disconnect();
  }
}
