// caught by: sends nothing twice that may have been written, and rejects when all the rest has its answer
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// What send() rejects with leaves the function, whatever is still on its way.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const futures: RecordFuture[] = [];
  for await (const record of source) {
    let future: RecordFuture | undefined;
    while (future === undefined) {
      try {
        future = await producer.send(record);
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
    futures.push(future);
  }
  const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
  return outcomes.length;
}
