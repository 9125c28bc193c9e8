// caught by: sends nothing twice that may have been written, and rejects when all the rest has its answer
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// One try around both: a TimeoutError of get() sends the record again, which may be in the log.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  let delivered = 0;
  for await (const record of source) {
    for (;;) {
      try {
        const future = await producer.send(record);
        await future.get();
        delivered += 1;
        break;
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
  }
  return delivered;
}
