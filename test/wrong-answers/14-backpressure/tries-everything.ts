// caught by: sends nothing twice that may have been written, and rejects when all the rest has its answer
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// A record that is too large does not get smaller.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const futures: RecordFuture[] = [];
  let failure: Error | undefined;
  try {
    for await (const record of source) {
      for (;;) {
        try {
          futures.push(await producer.send(record));
          break;
        } catch {
          continue;
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
