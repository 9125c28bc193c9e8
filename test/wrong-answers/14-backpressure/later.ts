// caught by: tries the same record again when send() runs into a TimeoutError
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// What was not taken comes once more at the end: behind what should have come after it.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const again: ProducerRecord<K, V>[] = [];
  const futures: RecordFuture[] = [];
  for await (const record of source) {
    try {
      futures.push(await producer.send(record));
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      again.push(record);
    }
  }
  for (const record of again) {
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
