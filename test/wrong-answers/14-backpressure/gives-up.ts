// caught by: tries the same record again when send() runs into a TimeoutError
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// A timeout is an error, and errors are passed on.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const futures: RecordFuture[] = [];
  let failure: Error | undefined;
  try {
    for await (const record of source) {
      futures.push(await producer.send(record));
    }
  } catch (error) {
    failure = error as Error;
  }
  const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
  failure ??= outcomes.find((outcome) => outcome.status === 'rejected')?.reason as Error | undefined;
  if (failure !== undefined) throw failure;
  return outcomes.length;
}
