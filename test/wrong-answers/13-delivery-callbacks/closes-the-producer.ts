// caught by: reports every record, in the order of the records
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// close() waits for every answer, and leaves the caller a producer that sends nothing any more.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const outcomes: Promise<RecordMetadata | Failed<K, V>>[] = [];
  for (const record of records) {
    try {
      const future = await producer.send(record);
      outcomes.push(future.get().catch((error: Error) => ({ record, error })));
    } catch (error) {
      outcomes.push(Promise.resolve({ record, error: error as Error }));
    }
  }
  await producer.close();
  for (const one of await Promise.all(outcomes)) {
    if ('error' in one) failed.push(one);
    else delivered.push(one);
  }
  return { delivered, failed };
}
