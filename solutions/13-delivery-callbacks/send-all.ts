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
  // @todo Send every record, and report the outcome of each.
  // 1. A record can fail in two places: send() rejects when the record never got into a batch,
  //    and the future's get() when the broker did not take it. Neither may hide the other records.
  // 2. Do not wait for the broker's response to one record before you send the next.
  // 3. Return once the outcome of every record is known, with both lists in the order of `records`.
  const outcomes: Promise<RecordMetadata | FailedRecord<K, V>>[] = [];
  for (const record of records) {
    const failed = (error: Error): FailedRecord<K, V> => ({ record, error });
    try {
      // Waits as Java's send() blocks: for metadata and for memory, not for the broker's response. A program that sends
      // faster than the broker takes records is slowed down here.
      const future = await producer.send(record);
      // Not awaited, but its error is handled at once: otherwise it would go unhandled until the loop is over.
      outcomes.push(future.get().catch(failed));
    } catch (error) {
      // In Java most of these come as a future that has failed already: only what is no ApiException is thrown.
      outcomes.push(Promise.resolve(failed(error as Error)));
    }
  }

  const report: DeliveryReport<K, V> = { delivered: [], failed: [] };
  // None of these rejects, so none can hide another. They are in the order of `records`, not of the responses.
  for (const outcome of await Promise.all(outcomes)) {
    if ('error' in outcome) report.failed.push(outcome);
    else report.delivered.push(outcome);
  }
  return report;
  // @end
}
