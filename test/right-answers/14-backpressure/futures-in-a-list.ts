import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// Keeps every future, and looks at all of them in the end.
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
