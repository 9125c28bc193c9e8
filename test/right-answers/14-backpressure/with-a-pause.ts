import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// A pause before each further try, longer each time.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const futures: RecordFuture[] = [];
  let failure: Error | undefined;
  try {
    for await (const record of source) {
      for (let pauseMs = 5; ; pauseMs = Math.min(2 * pauseMs, 100)) {
        try {
          futures.push(await producer.send(record));
          break;
        } catch (error) {
          if (!(error instanceof TimeoutError)) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
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
