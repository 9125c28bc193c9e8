import type { KafkaProducer, ProducerRecord, RecordMetadata } from '../../src/producer/index';

/** A record that was not delivered, and why. */
export interface FailedRecord<K, V> {
  readonly record: ProducerRecord<K, V>;
  readonly error: Error;
}

/** The outcome of every record. Both lists keep the order of the records. */
export interface DeliveryReport<K, V> {
  readonly delivered: RecordMetadata[];
  readonly failed: FailedRecord<K, V>[];
}

/**
 * Sends all the records and reports the outcome of each. Never rejects because of a record. The producer belongs to the
 * caller, who goes on using it.
 */
export async function sendAll<K, V>(
  producer: KafkaProducer<K, V>,
  records: readonly ProducerRecord<K, V>[],
): Promise<DeliveryReport<K, V>> {
  // TODO: Send every record, and report the outcome of each.
  // 1. A record can fail in two places: send() rejects when the record never got into a batch,
  //    and the future's get() when the broker did not take it. Neither may hide the other records.
  // 2. Do not wait for the broker's response to one record before you send the next.
  // 3. Return once the outcome of every record is known, with both lists in the order of `records`.
  throw new Error('not started yet');
}
