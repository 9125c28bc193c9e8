import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// Everything at once; send() keeps the order of its calls.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const outcomes = await Promise.allSettled(
    records.map(async (record) => (await producer.send(record)).get()),
  );
  outcomes.forEach((outcome, index) => {
    if (outcome.status === 'fulfilled') delivered.push(outcome.value);
    else failed.push({ record: records[index]!, error: outcome.reason as Error });
  });
  return { delivered, failed };
}
