// caught by: reports what send() refuses, and sends all the others
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// A record that is too large rejects send() and calls the callback: it is counted for both.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const found: RecordMetadata[] = [];
  for (const [index, record] of records.entries()) {
    try {
      await producer.send(record, (metadata, error) => {
        if (error === null) found[index] = metadata;
        else failed.push({ record, error });
      });
    } catch (error) {
      failed.push({ record, error: error as Error });
    }
  }
  await producer.flush();
  delivered.push(...found.filter(Boolean));
  return { delivered, failed };
}
