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
  // @todo Read a record, hand it to send(), and only then read the next one.
  // 1. send() waits while `buffer.memory` is full. When it rejects with a TimeoutError, the record was not taken:
  //    send the same record again, as often as necessary.
  // 2. When get() rejects, the record may have been written all the same. Do not send it again: reject with the error.
  // 3. At the end, and before you reject, wait until every record in flight has succeeded or failed.
  let delivered = 0;
  let failure: { readonly error: unknown } | undefined;
  const onTheirWay = new Set<Promise<void>>();

  // Keeps only what is in flight, nothing that has arrived: a source may go on for days.
  const watch = (answer: Promise<unknown>): void => {
    const settled = answer
      .then(
        () => void (delivered += 1),
        (error: unknown) => void (failure ??= { error }),
      )
      .finally(() => void onTheirWay.delete(settled));
    onTheirWay.add(settled);
  };

  try {
    for await (const record of source) {
      let future: RecordFuture | undefined;
      while (future === undefined) {
        try {
          // This wait is the backpressure: while send() waits for memory, nobody asks the source for more.
          future = await producer.send(record);
        } catch (error) {
          // send() has waited for max.block.ms already, so no further pause is needed.
          if (!(error instanceof TimeoutError)) throw error;
        }
      }
      watch(future.get());
      if (failure !== undefined) break;
    }
  } catch (error) {
    failure ??= { error };
  }
  await Promise.all(onTheirWay);
  if (failure !== undefined) throw failure.error;
  return delivered;
  // @end
}
