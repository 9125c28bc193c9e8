// caught by: tries the same record again when send() runs into a TimeoutError
import { BufferExhaustedError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// Memory is not all that send() waits for: a timeout for metadata is no BufferExhaustedError.
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
          if (!(error instanceof BufferExhaustedError)) throw error;
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
