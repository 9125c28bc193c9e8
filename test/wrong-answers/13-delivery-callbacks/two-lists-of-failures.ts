// caught by: has many records on the way at once, as the number of requests shows
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// First what send() refused, then what the broker refused: right records, in the wrong order.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const answers: { record: ProducerRecord<K, V>; answer: Promise<RecordMetadata> }[] = [];
  for (const record of records) {
    try {
      const future = await producer.send(record);
      const answer = future.get();
      answers.push({ record, answer });
    } catch (error) {
      failed.push({ record, error: error as Error });
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
