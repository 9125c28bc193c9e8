// caught by: reports what send() refuses, and sends all the others
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// A callback does not hear of what the serializer throws: that record is in neither list.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const found: (RecordMetadata | Failed<K, V>)[] = [];
  for (const [index, record] of records.entries()) {
    await producer
      .send(record, (metadata, error) => void (found[index] = error === null ? metadata : { record, error }))
      .catch(() => undefined);
  }
  await producer.flush();
  for (const one of found.filter(Boolean)) {
    if ('error' in one) failed.push(one);
    else delivered.push(one);
  }
  return { delivered, failed };
}
