import { NOT_STARTED } from '../../../../src/course/grading/answer-protocol';
import { KafkaProducer, StringSerializer } from '../../../../src/producer/index';
import type { Partitioner, ProducerConfig, Serializer } from '../../../../src/producer/index';

export interface CarriedRecord<V = string> {
  /** Left out or null: no key. */
  readonly key?: string | null;
  readonly value: V | null;
  /** Left out: the partitioner decides. */
  readonly partition?: number;
}

export interface Carriage<V> {
  readonly bootstrapServers: string;
  readonly connection: object;
  readonly topic: string;
  readonly records: readonly CarriedRecord<V>[];
  readonly valueSerializer: Serializer<V>;
  readonly partitioner?: Partitioner;
  readonly config?: Omit<ProducerConfig, 'bootstrap.servers'>;
  /** Flush after so many records; left out: once, at the end. What a batch holds then does not depend on how fast it goes. */
  readonly flushEvery?: number;
}

/** Sends the records through the course's producer with the answer's parts inside. Returns how many were acknowledged. */
export async function carry<V>(carriage: Carriage<V>): Promise<number> {
  const { bootstrapServers, connection, topic, records, flushEvery = records.length } = carriage;
  const { partitioner, valueSerializer } = carriage;
  const producer = new KafkaProducer<string, V>(
    { ...carriage.config, 'bootstrap.servers': bootstrapServers },
    { keySerializer: new StringSerializer(), valueSerializer, partitioner, connection },
  );
  try {
    const futures = [];
    for (const record of records) {
      futures.push(await producer.send({ topic, ...record }));
      if (futures.length % flushEvery === 0) await producer.flush();
    }
    await producer.flush();
    return (await Promise.all(futures.map((future) => future.get()))).length;
  } catch (error) {
    throw stubErrorIn(error) ?? error;
  } finally {
    await producer.close({ timeoutMs: 5_000 });
  }
}

/** The producer wraps what a serializer throws; a stub has to be known as one all the same. */
function stubErrorIn(error: unknown): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at.message === NOT_STARTED) return at;
  return undefined;
}
