import { TimeoutError } from '../../src/producer/index';
import type { KafkaProducer, ProducerRecord, RecordFuture } from '../../src/producer/index';

/**
 * Sends every record of the source, no faster than the producer takes them. Returns how many were delivered, once all
 * are. Rejects with the first error, once every record in flight has succeeded or failed.
 */
export async function pump<K, V>(
  source: AsyncIterable<ProducerRecord<K, V>>,
  producer: KafkaProducer<K, V>,
): Promise<number> {
  // TODO: Read a record, hand it to send(), and only then read the next one.
  // 1. send() waits while `buffer.memory` is full. When it rejects with a TimeoutError, the record was not taken:
  //    send the same record again, as often as necessary.
  // 2. When get() rejects, the record may have been written all the same. Do not send it again: reject with the error.
  // 3. At the end, and before you reject, wait until every record in flight has succeeded or failed.
  throw new Error('not started yet');
}
