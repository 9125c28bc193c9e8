import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { endOffsets } from '../../network/log-reader';
import { bytesProducer, metricOf } from '../load/course-producer';

export interface SilentFailureReport {
  readonly sent: number;
  readonly inLog: number;
  /** What the careless half of the program noticed: nothing. */
  readonly unhandledRejections: number;
  /** What the metric says all the same. */
  readonly recordErrorTotal: number;
  /** The same error, for those who gave send() a callback. */
  readonly seenByCallback: string | null;
  /** The same error, for those who waited for the future. */
  readonly seenByFuture: string | null;
}

const MAX_MESSAGE_BYTES = 1000;

/**
 * Pitfall 3: the broker refuses records that are too large for the topic. The first is sent and forgotten, the second
 * has a callback, the third has somebody who waits for its future. Only the last two tell anybody.
 */
export async function loseErrorUnseen(kafka: KafkaDescription): Promise<SilentFailureReport> {
  let unhandledRejections = 0;
  const count = () => unhandledRejections++;
  process.on('unhandledRejection', count);
  const producer = bytesProducer(kafka, { 'linger.ms': 0, 'batch.size': 0 });
  const topicOptions = {
    name: 'silent-failure',
    partitions: 1,
    configs: { 'max.message.bytes': String(MAX_MESSAGE_BYTES) },
  };
  try {
    return await withTopic(kafka, topicOptions, async (topic) => {
      const small = { topic, key: null, value: Buffer.from('small enough') };
      const large = { topic, key: null, value: Buffer.alloc(5 * MAX_MESSAGE_BYTES) };
      const seenByCallback: string[] = [];
      await producer.send(small);
      await producer.send(large);
      await producer.send(large, (_metadata, error) => {
        if (error !== null) seenByCallback.push(nameOf(error));
      });
      const future = await producer.send(large);
      const seenByFuture = await future.get().then(() => null, nameOf);
      await producer.flush();
      // An unhandled rejection is reported once the microtasks are done: by then this turn of the event loop is over.
      await new Promise((resolve) => setImmediate(resolve));
      const [inLog = 0n] = await endOffsets(kafka, topic);
      return {
        sent: 4,
        inLog: Number(inLog),
        unhandledRejections,
        recordErrorTotal: metricOf(producer, 'record-error-total'),
        seenByCallback: seenByCallback[0] ?? null,
        seenByFuture,
      };
    });
  } finally {
    process.off('unhandledRejection', count);
    await producer.close();
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
