import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// As Java programs do it: a callback for each record, and flush() to wait for them all.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const outcomes = new Map<number, RecordMetadata | Error>();
  for (const [index, record] of records.entries()) {
    try {
      await producer.send(record, (metadata, error) => void outcomes.set(index, error ?? metadata));
    } catch (error) {
      outcomes.set(index, error as Error);
    }
  }
  await producer.flush();
  for (const [index, record] of records.entries()) {
    const outcome = outcomes.get(index)!;
    if (outcome instanceof Error) failed.push({ record, error: outcome });
    else delivered.push(outcome);
  }
  return { delivered, failed };
}
