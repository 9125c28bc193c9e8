// caught by: reports what the broker refuses, and delivers all the others
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// "It is logged somewhere": what the broker refuses is in neither list.
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
  for (const outcome of await Promise.allSettled(answers)) {
    if (outcome.status === 'fulfilled') delivered.push(outcome.value);
  }
  return { delivered, failed };
}
