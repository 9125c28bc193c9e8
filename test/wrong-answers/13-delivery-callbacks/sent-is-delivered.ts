// caught by: reports every record, in the order of the records
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// Fire and forget: what send() took is called delivered before anybody has answered.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const told: RecordMetadata[] = [];
  for (const record of records) {
    try {
      await producer.send(record, (metadata, error) => void (error ?? told.push(metadata)));
    } catch (error) {
      failed.push({ record, error: error as Error });
    }
  }
  delivered.push(...told);
  return { delivered, failed };
}
