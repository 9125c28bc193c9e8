// caught by: reports what the broker refuses, and delivers all the others
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// What send() rejects with is noted; what the broker says rejects the whole.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const answers: Promise<RecordMetadata>[] = [];
  for (const record of records) {
    try {
      const future = await producer.send(record);
      answers.push(future.get());
    } catch (error) {
      failed.push({ record, error: error as Error });
    }
  }
  delivered.push(...(await Promise.all(answers)));
  return { delivered, failed };
}
