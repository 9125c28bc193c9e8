import { TimeoutError } from '../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../src/producer/index';

/**
 * Sends everything that the source gives, no faster than the producer takes it. Returns how many records were delivered,
 * after they were. Rejects with what went wrong, once everything that is on its way has its answer.
 */
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  // TODO: Read a record, hand it to send(), and only then read the next one.
  // 1. send() waits while `buffer.memory` is full. When it rejects with a TimeoutError, the record was not taken:
  //    try again with the same record, as often as it takes.
  // 2. What get() rejects with may have been written all the same. Do not send it again: reject with the error.
  // 3. In the end, and before you reject, wait until everything on its way has its answer.
  throw new Error('not started yet');
}
