// caught by: reports what send() refuses, and sends all the others
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// Promise.all gives up at the first rejection, and with it everything that is known of the others.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const futures = await Promise.all(records.map((record) => producer.send(record)));
  delivered.push(...(await Promise.all(futures.map((future) => future.get()))));
  return { delivered, failed };
}
