// caught by: reports every record, in the order of the records
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// Sends everything once more "to be sure": each record is in the log twice.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const outcomes: Promise<RecordMetadata | Failed<K, V>>[] = [];
  for (const record of records) {
    try {
      await producer.send(record);
      const future = await producer.send(record);
      outcomes.push(future.get().catch((error: Error) => ({ record, error })));
    } catch (error) {
      outcomes.push(Promise.resolve({ record, error: error as Error }));
    }
  }
  for (const one of await Promise.all(outcomes)) {
    if ('error' in one) failed.push(one);
    else delivered.push(one);
  }
  return { delivered, failed };
}
