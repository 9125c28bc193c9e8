// caught by: sends nothing twice that may have been written, and rejects when all the rest has its answer
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// What allSettled() says of a failure is no error: that is its `reason`.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const futures: RecordFuture[] = [];
  let unsent: Error | undefined;
  for await (const record of source) {
    while (unsent === undefined) {
      try {
        futures.push(await producer.send(record));
        break;
      } catch (error) {
        if (!(error instanceof TimeoutError)) unsent = error as Error;
      }
    }
    if (unsent !== undefined) break;
  }
  const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
  if (unsent !== undefined) throw unsent;
  const failure = outcomes.find(({ status }) => status === 'rejected');
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- the mistake
  if (failure !== undefined) throw failure;
  return outcomes.length;
}
