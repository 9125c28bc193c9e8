// caught by: tries the same record again when send() runs into a TimeoutError
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// Tries again with the next record, and this one is gone.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const futures: RecordFuture[] = [];
  const records = source[Symbol.asyncIterator]();
  for (;;) {
    try {
      const next = await records.next();
      if (next.done === true) break;
      futures.push(await producer.send(next.value));
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
    }
  }
  const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
  return outcomes.length;
}
