// caught by: has many records on the way at once, as the number of requests shows
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// flush() sends what is there at once: a batch of one record.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  for (const record of records) {
    try {
      const future = await producer.send(record);
      await producer.flush();
      delivered.push(await future.get());
    } catch (error) {
      failed.push({ record, error: error as Error });
    }
  }
  return { delivered, failed };
}
