// caught by: sends nothing twice that may have been written, and rejects when all the rest has its answer
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// Promise.all does not wait for the others once one has failed.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const answers: Promise<unknown>[] = [];
  for await (const record of source) {
    let future: RecordFuture | undefined;
    while (future === undefined) {
      try {
        future = await producer.send(record);
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
    answers.push(future.get());
  }
  await Promise.all(answers);
  return answers.length;
}
