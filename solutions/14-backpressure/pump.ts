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
  // @todo Read a record, hand it to send(), and only then read the next one.
  // 1. send() waits while `buffer.memory` is full. When it rejects with a TimeoutError, the record was not taken:
  //    try again with the same record, as often as it takes.
  // 2. What get() rejects with may have been written all the same. Do not send it again: reject with the error.
  // 3. In the end, and before you reject, wait until everything on its way has its answer.
  let delivered = 0;
  let failure: { readonly error: unknown } | undefined;
  const onTheirWay = new Set<Promise<void>>();

  // Keeps what is still on its way, and nothing of what has arrived: a source may go on for days.
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
          // The waiting is the backpressure: while send() waits for memory, nobody asks the source for more.
          future = await producer.send(record);
        } catch (error) {
          // It has waited max.block.ms by then, so there is no need of another pause.
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
