// caught by: reports what send() refuses, and sends all the others
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// The future is looked after, and what rejects before there is one is not.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  const outcomes: Promise<void>[] = [];
  const found: (RecordMetadata | Failed<K, V>)[] = [];
  for (const [index, record] of records.entries()) {
    const future = await producer.send(record);
    outcomes.push(
      future.get().then(
        (metadata) => void (found[index] = metadata),
        (error: Error) => void (found[index] = { record, error }),
      ),
    );
  }
  await Promise.all(outcomes);
  for (const one of found) {
    if ('error' in one) failed.push(one);
    else delivered.push(one);
  }
  return { delivered, failed };
}
