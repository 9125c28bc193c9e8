// caught by: returns how many were delivered, after they were
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// Waits for the last record, as if answers always came in the order of the records.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  let count = 0;
  let last: RecordFuture | undefined;
  for await (const record of source) {
    let future: RecordFuture | undefined;
    while (future === undefined) {
      try {
        future = await producer.send(record);
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
    last = future;
    count += 1;
  }
  await last?.get();
  return count;
}
