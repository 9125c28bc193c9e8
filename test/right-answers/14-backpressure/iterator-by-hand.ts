import { TimeoutError } from '../../../src/producer/index';
import type { KafkaProducer, ProducerRecord } from '../../../src/producer/index';

// Callbacks count what arrives; flush() waits for it. A callback also hears of what send() did not take.
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  const records = source[Symbol.asyncIterator]();
  let delivered = 0;
  const errors: Error[] = [];
  let next = await records.next();
  while (next.done !== true && errors.length === 0) {
    const record = next.value;
    let isTaken = false;
    try {
      await producer.send(record, (_metadata, error) => {
        if (error === null) delivered += 1;
        else if (isTaken) errors.push(error);
      });
      isTaken = true;
      next = await records.next();
    } catch (error) {
      if (!(error instanceof TimeoutError)) errors.push(error as Error);
    }
  }
  await producer.flush();
  if (errors.length > 0) throw new AggregateError(errors, 'Not all records were delivered.');
  return delivered;
}
