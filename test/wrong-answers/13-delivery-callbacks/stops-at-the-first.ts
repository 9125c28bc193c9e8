// caught by: reports what send() refuses, and sends all the others
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// After the first bad record the rest is not even sent.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const answers: { record: ProducerRecord<K, V>; answer: Promise<RecordMetadata> }[] = [];
  for (const record of records) {
    try {
      const future = await producer.send(record);
      answers.push({ record, answer: future.get() });
    } catch (error) {
      failed.push({ record, error: error as Error });
      break;
    }
  }
  for (const { record, answer } of answers) {
    try {
      delivered.push(await answer);
    } catch (error) {
      failed.push({ record, error: error as Error });
    }
  }
  return { delivered, failed };
}
