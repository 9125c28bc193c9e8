// caught by: sends nothing twice that may have been written, and rejects when all the rest has its answer
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// Counts what arrived, and does not say that something did not.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const futures: RecordFuture[] = [];
  for await (const record of source) {
    for (;;) {
      try {
        futures.push(await producer.send(record));
        break;
      } catch (error) {
        if (!(error instanceof TimeoutError)) break;
      }
    }
  }
  const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}
