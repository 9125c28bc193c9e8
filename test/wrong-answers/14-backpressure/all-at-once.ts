// caught by: reads a record only when send() has taken the one before
import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../../src/producer/index';

// Does not wait for send(): whatever has no room in buffer.memory waits outside of it.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const take = async (record: ProducerRecord<K, V>): Promise<void> => {
    for (;;) {
      try {
        const future = await producer.send(record);
        await future.get();
        return;
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
  };
  const all: Promise<void>[] = [];
  for await (const record of source) all.push(take(record));
  await Promise.all(all);
  return all.length;
}
