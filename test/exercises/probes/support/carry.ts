import { KafkaProducer } from '../../../../src/producer/index';
import type { Partitioner, Serializer } from '../../../../src/producer/index';

export interface CarriedRecord {
  readonly key: string;
  readonly value: string;
}

export interface Carriage {
  readonly bootstrapServers: string;
  readonly connection: object;
  readonly topic: string;
  readonly records: readonly CarriedRecord[];
  readonly partitioner: Partitioner;
  readonly keySerializer: Serializer<string>;
}

/** Sends the records through the course's producer with the answer's partitioner inside. Returns how many were acknowledged. */
export async function carry(carriage: Carriage): Promise<number> {
  const { bootstrapServers, connection, topic, records, partitioner, keySerializer } = carriage;
  const producer = new KafkaProducer<string, string>(
    { 'bootstrap.servers': bootstrapServers },
    { keySerializer, valueSerializer: keySerializer, partitioner, connection },
  );
  try {
    const futures = [];
    for (const record of records) futures.push(await producer.send({ topic, ...record }));
    await producer.flush();
    return (await Promise.all(futures.map((future) => future.get()))).length;
  } finally {
    await producer.close({ timeoutMs: 5_000 });
  }
}
