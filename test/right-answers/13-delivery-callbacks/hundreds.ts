import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../../src/producer/index';

type Failed<K, V> = { record: ProducerRecord<K, V>; error: Error };

// In hundreds, so that a million records do not make a million promises; errors are wrapped.
export async function sendAll<K, V>(producer: KafkaProducer<K, V>, records: readonly ProducerRecord<K, V>[]) {
  const delivered: RecordMetadata[] = [];
  const failed: Failed<K, V>[] = [];
  for (let from = 0; from < records.length; from += 100) {
    const some = records.slice(from, from + 100);
    const futures = some.map((record) => producer.send(record));
    for (const [index, record] of some.entries()) {
      try {
        const future = await futures[index]!;
        delivered.push(await future.get());
      } catch (cause) {
        failed.push({ record, error: new Error(`A record for ${record.topic} was lost`, { cause }) });
      }
    }
  }
  return { delivered, failed };
}
