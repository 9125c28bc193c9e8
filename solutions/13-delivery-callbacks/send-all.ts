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
  // @todo Send every record, and find out about every one of them.
  // 1. A record can fail in two places: send() rejects when it never got into a batch,
  //    and the future's get() when the broker did not take it. Neither may hide the other records.
  // 2. Do not wait for the broker's answer to one record before you send the next.
  // 3. Return once every record has its answer, with both lists in the order of `records`.
  const outcomes: Promise<RecordMetadata | FailedRecord<K, V>>[] = [];
  for (const record of records) {
    const failed = (error: Error): FailedRecord<K, V> => ({ record, error });
    try {
      // Waits as Java's send() blocks: for metadata and for memory, not for the broker. Whoever sends faster than the
      // broker takes is slowed down here.
      const future = await producer.send(record);
      // Not awaited. The error is dealt with at once, though, or it would be an unhandled rejection until the loop is over.
      outcomes.push(future.get().catch(failed));
    } catch (error) {
      outcomes.push(Promise.resolve(failed(error as Error)));
    }
  }

  const report: DeliveryReport<K, V> = { delivered: [], failed: [] };
  // None of these rejects, so none can hide another; and they are in the order of `records`, whoever was answered first.
  for (const outcome of await Promise.all(outcomes)) {
    if ('error' in outcome) report.failed.push(outcome);
    else report.delivered.push(outcome);
  }
  return report;
  // @end
}
