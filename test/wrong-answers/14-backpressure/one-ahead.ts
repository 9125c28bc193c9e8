// caught by: reads a record only when send() has taken the one before
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// Asks for the next record while send() still has this one: two are read that are not taken.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const records = source[Symbol.asyncIterator]();
  const futures: RecordFuture[] = [];
  let next = records.next();
  for (;;) {
    const read = await next;
    if (read.done === true) break;
    const record = read.value;
    next = records.next();
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
