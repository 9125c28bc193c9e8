// caught by: reads a record only when send() has taken the one before
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// The whole source first, and then one after the other: a day of orders in memory.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const records: ProducerRecord<K, V>[] = [];
  for await (const record of source) records.push(record);
  const futures: RecordFuture[] = [];
  let failure: Error | undefined;
  try {
    for (const record of records) {
      for (;;) {
        try {
          futures.push(await producer.send(record));
          break;
        } catch (error) {
          if (!(error instanceof TimeoutError)) throw error;
        }
      }
    }
  } catch (error) {
    failure = error as Error;
  }
  const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
  failure ??= outcomes.find((outcome) => outcome.status === 'rejected')?.reason as Error | undefined;
  if (failure !== undefined) throw failure;
  return outcomes.length;
}
