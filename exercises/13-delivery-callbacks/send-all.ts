import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../src/producer/index';

/** A record that did not arrive, and why. */
export interface FailedRecord<K, V> {
  readonly record: ProducerRecord<K, V>;
  readonly error: Error;
}

/** What became of every record. Both lists keep the order in which the records were given. */
export interface DeliveryReport<K, V> {
  readonly delivered: RecordMetadata[];
  readonly failed: FailedRecord<K, V>[];
}

/**
 * Sends all the records, and says of each what became of it. Never rejects because of a record. The producer belongs to
 * the caller, who goes on using it.
 */
export async function sendAll<K, V>(
  producer: KafkaProducer<K, V>,
  records: readonly ProducerRecord<K, V>[],
): Promise<DeliveryReport<K, V>> {
  // TODO: Send every record, and find out about every one of them.
  // 1. A record can fail in two places: send() rejects when it never got into a batch,
  //    and the future's get() when the broker did not take it. Neither may hide the other records.
  // 2. Do not wait for the broker's answer to one record before you send the next.
  // 3. Return once every record has its answer, with both lists in the order of `records`.
  throw new Error('not started yet');
}
