// caught by: reports every record, in the order of the records
import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// Callbacks come batch by batch, partition by partition, and not in the order of the records.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  for (const record of records) {
    let told = false;
    try {
      await producer.send(record, (metadata, error) => {
        told = true;
        if (error === null) delivered.push(metadata);
        else failed.push({ record, error });
      });
    } catch (error) {
      if (!told) failed.push({ record, error: error as Error });
    }
  }
  await producer.flush();
  failed.sort((a, b) => records.indexOf(a.record) - records.indexOf(b.record));
  return { delivered, failed };
}
