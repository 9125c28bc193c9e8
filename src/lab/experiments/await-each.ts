import { withTopic } from '../../broker/index';
import type { CourseKafka, KafkaDescription } from '../../broker/index';
import { withDistantBroker } from '../faults/distant-broker';
import { bytesProducer } from '../load/course-producer';
import type { BytesProducer } from '../load/course-producer';
import { xrayPartition } from '../log/log-xray';
import { takeOrders } from '../order';

/** The ways of sending that are compared; the first is the pitfall, the others are ways out that miss no error either. */
export type SendingWay = 'one by one' | 'pipelined' | 'chunks of ten' | 'ten loops';

export interface SendingWayReport {
  readonly way: SendingWay;
  /** From the first send() to the last acknowledgement. */
  readonly durationMs: number;
  /** Counted in the log of the broker. */
  readonly batches: number;
  readonly inLog: number;
}

export interface AwaitEachReport {
  readonly distanceMs: number;
  /** The pitfall first. */
  readonly ways: readonly SendingWayReport[];
}

export interface AwaitEachOptions {
  /** How much later each response of the broker arrives; 0: as it is. */
  readonly distanceMs: number;
  readonly records?: number;
  readonly seed?: number;
}

type Send = (value: Buffer) => ReturnType<BytesProducer['send']>;

const CONCURRENT = 10;

const WAYS: Readonly<Record<SendingWay, (values: readonly Buffer[], send: Send) => Promise<void>>> = {
  'one by one': async (values, send) => {
    for (const value of values) await (await send(value)).get();
  },
  pipelined: async (values, send) => {
    const acknowledgements: Promise<unknown>[] = [];
    for (const value of values) acknowledgements.push((await send(value)).get());
    await Promise.all(acknowledgements);
  },
  'chunks of ten': async (values, send) => {
    for (let start = 0; start < values.length; start += CONCURRENT) {
      const chunk = values.slice(start, start + CONCURRENT);
      await Promise.all(chunk.map(async (value) => (await send(value)).get()));
    }
  },
  'ten loops': async (values, send) => {
    const loops = Array.from({ length: CONCURRENT }, async (_, loop) => {
      const own = values.filter((_value, at) => at % CONCURRENT === loop);
      for (const value of own) await (await send(value)).get();
    });
    await Promise.all(loops);
  },
};

/**
 * Sends the same orders in four ways to a broker that is `distanceMs` away, with the default settings of the producer. A
 * loop that awaits every acknowledgement pays linger.ms and a round trip for each record; the others share both.
 */
export function awaitEachAcknowledgement(
  kafka: CourseKafka,
  { distanceMs, records = 30, seed = 1 }: AwaitEachOptions,
): Promise<AwaitEachReport> {
  const values = takeOrders(records, { seed }).map((order) => Buffer.from(JSON.stringify(order)));
  return withDistantBroker(kafka, distanceMs, async (distant) => {
    const ways: SendingWayReport[] = [];
    for (const way of Object.keys(WAYS) as SendingWay[]) ways.push(await measure(distant, way, values));
    return { distanceMs, ways };
  });
}

function measure(
  kafka: KafkaDescription,
  way: SendingWay,
  values: readonly Buffer[],
): Promise<SendingWayReport> {
  return withTopic(kafka, { name: 'await-each', partitions: 1 }, async (topic) => {
    const producer = bytesProducer(kafka, {});
    try {
      // Metadata, connection and producer id are not what is compared, and neither is the first batch.
      await (await producer.send({ topic, key: null, value: Buffer.from('warm-up') })).get();
      const startedMs = performance.now();
      await WAYS[way](values, (value) => producer.send({ topic, key: null, value }));
      const durationMs = performance.now() - startedMs;
      const [, ...batches] = await xrayPartition(kafka, { topic, partition: 0 });
      const inLog = batches.reduce((sum, batch) => sum + batch.records, 0);
      return { way, durationMs, batches: batches.length, inLog };
    } finally {
      await producer.close();
    }
  });
}
