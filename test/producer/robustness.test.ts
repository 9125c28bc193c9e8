import { Kafka } from 'kafkajs';
import { kafkaJsConfig, useKafka, withTopic } from '../../src/broker/index';
import type { CourseKafka } from '../../src/broker/index';
import { readLog } from '../../src/network/log-reader';
import { IllegalStateError, KafkaProducer, StringSerializer } from '../../src/producer/index';
import type { ProducerConfig, RecordFuture } from '../../src/producer/index';

let kafka: CourseKafka;
beforeAll(async () => {
  kafka = await useKafka();
});
afterAll(() => kafka.stop());

function makeProducer(config: ProducerConfig = {}): KafkaProducer<string, string> {
  const serializer = new StringSerializer();
  return new KafkaProducer<string, string>(
    { 'bootstrap.servers': kafka.bootstrapServers, ...config },
    { keySerializer: serializer, valueSerializer: serializer, connection: kafka.connection },
  );
}

const topicOf = <T>(partitions: number, use: (topic: string) => Promise<T>) =>
  withTopic(kafka, { name: 'robustness', partitions }, use);

async function valuesOf(topic: string, partition: number): Promise<number[]> {
  return (await readLog(kafka, { topic, partition })).map(({ value }) => Number(String(value)));
}

describe('A loop that never awaits send()', () => {
  // Nearly all of these records wait: first for metadata, then for a little memory.
  it('gets its 200,000 records written once and in order, within a buffer.memory of 1 MB', async () => {
    await topicOf(2, async (topic) => {
      const producer = makeProducer({ 'buffer.memory': 1_000_000 });
      const sends: Promise<RecordFuture>[] = [];
      for (let at = 0; at < 200_000; at++) {
        sends.push(producer.send({ topic, partition: at % 2, value: String(at) }));
      }
      await Promise.all(sends);
      await producer.close();
      for (const partition of [0, 1]) {
        const expected = Array.from({ length: 100_000 }, (_, at) => 2 * at + partition);
        expect(await valuesOf(topic, partition)).toEqual(expected);
      }
    });
  });
});

describe('close() in the middle', () => {
  const outcomes = async (sends: Promise<RecordFuture>[]) => {
    const settled = await Promise.allSettled(sends.map(async (sending) => (await sending).get()));
    return settled.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as Error)));
  };

  it('writes what was sent before it, refuses what comes after it, and lets a flush() at the same time end', async () => {
    await topicOf(1, async (topic) => {
      const producer = makeProducer({ 'linger.ms': 60_000, 'delivery.timeout.ms': 120_000 });
      await producer.partitionsFor(topic);
      const sends: Promise<RecordFuture>[] = [];
      const send = (count: number) => {
        for (let at = 0; at < count; at++) sends.push(producer.send({ topic, value: String(sends.length) }));
      };
      send(1000);
      const ended = Promise.all([producer.flush(), producer.close(), producer.flush()]);
      send(10);
      await ended;
      const results = await outcomes(sends);
      expect(results.slice(0, 1000).filter((result) => result instanceof Error)).toEqual([]);
      expect(results.slice(1000).every((result) => result instanceof IllegalStateError)).toBe(true);
      expect(await valuesOf(topic, 0)).toEqual(Array.from({ length: 1000 }, (_, at) => at));
    });
  });

  it('with a timeout of 0 fails what has no answer yet; whatever succeeded is in the log', async () => {
    await topicOf(1, async (topic) => {
      const producer = makeProducer({ 'buffer.memory': 200_000 });
      await producer.partitionsFor(topic);
      const sends = Array.from({ length: 20_000 }, (_, at) => producer.send({ topic, value: String(at) }));
      await (await sends[0]!).get();
      await producer.close({ timeoutMs: 0 });
      const results = await outcomes(sends);
      const log = new Set(await valuesOf(topic, 0));
      expect(results.some((result) => result instanceof Error)).toBe(true);
      expect(results.filter((result, at) => !(result instanceof Error) && !log.has(at))).toEqual([]);
    });
  });
});

describe('A topic that changes under the producer', () => {
  const withAdmin = async (use: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>) => {
    const admin = new Kafka(kafkaJsConfig(kafka)).admin();
    await admin.connect();
    await use(admin).finally(() => admin.disconnect());
  };

  it('is written to again when it was deleted and made anew', async () => {
    await topicOf(1, async (topic) => {
      const producer = makeProducer();
      for (let at = 0; at < 10; at++) await producer.send({ topic, value: String(at) });
      await producer.flush();
      await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
      const whileGone = await producer.send({ topic, value: '10' });
      await withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }));
      await whileGone.get();
      const next = await producer.send({ topic, value: '11' });
      await next.get();
      await producer.close();
      expect(await valuesOf(topic, 0)).toEqual([10, 11]);
    });
  });

  it('gets records into partitions that were added while it was written to', async () => {
    await topicOf(1, async (topic) => {
      const producer = makeProducer();
      await (await producer.send({ topic, value: '0' })).get();
      const early = producer.send({ topic, partition: 2, value: '1' });
      await withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }));
      expect((await (await early).get()).partition).toBe(2);
      const placed = new Set<number>();
      for (let at = 0; at < 100; at++) {
        placed.add((await (await producer.send({ topic, key: `key-${at}`, value: 'v' })).get()).partition);
      }
      expect([...placed].sort()).toEqual([0, 1, 2]);
      await producer.close();
    });
  });
});

describe('Two producers of one process', () => {
  it('have their own client id, memory and metrics, and write side by side', async () => {
    await topicOf(2, async (topic) => {
      const producers = [makeProducer(), makeProducer()];
      expect(new Set(producers.map(({ clientId }) => clientId)).size).toBe(2);
      await Promise.all(
        producers.map(async (producer, partition) => {
          for (let at = 0; at < 1000; at++) await producer.send({ topic, partition, value: String(at) });
          await producer.flush();
          const sent = producer.metrics().find(({ name }) => name === 'record-send-total');
          expect(sent?.value).toBe(1000);
          await producer.close();
        }),
      );
      for (const partition of [0, 1]) expect(await valuesOf(topic, partition)).toHaveLength(1000);
    });
  });
});
