import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Kafka, Partitioners } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { kafkaJsConfig, startKafka, useKafka, withTopic } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { startFaultProxy } from '../../../src/lab/faults/fault-proxy';
import type { FaultProxy, FaultRule } from '../../../src/lab/faults/fault-proxy';
import { endOffsets, readLog } from '../../../src/network/log-reader';

/** kafkajs's own producer, one record per partition and send, through a proxy. */
async function throughProxy(
  kafka: CourseKafka,
  faults: readonly FaultRule[],
  use: (context: { proxy: FaultProxy; producer: Producer; topic: string }) => Promise<void>,
): Promise<void> {
  const proxy = await startFaultProxy({ bootstrapServers: kafka.bootstrapServers, faults });
  const client = new Kafka({ ...kafkaJsConfig(proxy), retry: { initialRetryTime: 20, retries: 8 } });
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  try {
    await withTopic(kafka, { name: 'fault-proxy', partitions: 3 }, async (topic) => {
      await producer.connect();
      await use({ proxy, producer, topic });
      expect(proxy.failures).toEqual([]);
    });
  } finally {
    await producer.disconnect();
    await proxy.close();
  }
}

const send = (producer: Producer, topic: string, partition: number, value: string) =>
  producer.send({ topic, acks: -1, messages: [{ partition, value }] });

async function valuesIn(kafka: CourseKafka, topic: string, partition: number): Promise<string[]> {
  const records = await readLog(kafka, { topic, partition });
  return records.map(({ value }) => String(value));
}

describe.each([1, 3] as const)('the fault proxy in front of %d broker(s)', (brokers) => {
  let kafka: CourseKafka;

  beforeAll(async () => {
    // Three brokers for one test each would cost more than the test.
    kafka = brokers === 1 ? await useKafka() : await startKafka({ brokers });
  });
  afterAll(() => kafka.stop());

  it('is the only address that a client ever learns', () =>
    throughProxy(kafka, [], async ({ proxy, producer, topic }) => {
      for (let partition = 0; partition < 3; partition++) await send(producer, topic, partition, 'value');
      expect(await endOffsets(kafka, topic)).toEqual([1n, 1n, 1n]);
      const produced = proxy.requests.filter(({ kind }) => kind === 'Produce');
      expect(produced.map(({ batches }) => batches[0]!.partition)).toEqual([0, 1, 2]);
      expect(new Set(produced.map(({ node }) => node)).size).toBe(brokers);
    }));

  it('loses an acknowledgement: the record is written, and written again by a producer that is not idempotent', () =>
    throughProxy(
      kafka,
      [{ fault: { kind: 'kill-after-write' }, nth: 1 }],
      async ({ proxy, producer, topic }) => {
        await send(producer, topic, 1, 'once?');
        expect(await valuesIn(kafka, topic, 1)).toEqual(['once?', 'once?']);
        expect(proxy.faults).toHaveLength(1);
      },
    ));

  it('breaks a connection before the broker has the request: the record is written once, by the retry', () =>
    throughProxy(kafka, [{ fault: { kind: 'kill-before-write' }, nth: 1 }], async ({ producer, topic }) => {
      await send(producer, topic, 1, 'once');
      expect(await valuesIn(kafka, topic, 1)).toEqual(['once']);
    }));

  it('refuses in the broker’s place, and the producer understands the error', () =>
    throughProxy(
      kafka,
      // MESSAGE_TOO_LARGE: an error that nobody retries.
      [{ fault: { kind: 'refuse', errorCode: 10 }, partition: 2 }],
      async ({ producer, topic }) => {
        await expect(send(producer, topic, 2, 'refused')).rejects.toMatchObject({
          type: 'MESSAGE_TOO_LARGE',
        });
        await send(producer, topic, 0, 'taken');
        expect(await endOffsets(kafka, topic)).toEqual([1n, 0n, 0n]);
      },
    ));

  it('refuses one partition of a request while the broker writes the other', () =>
    throughProxy(
      kafka,
      [{ fault: { kind: 'refuse', errorCode: 10 }, partition: 2 }],
      async ({ producer, topic }) => {
        const messages = [0, 1, 2].map((partition) => ({ partition, value: 'value' }));
        await expect(producer.send({ topic, acks: -1, messages })).rejects.toMatchObject({
          type: 'MESSAGE_TOO_LARGE',
        });
        expect((await endOffsets(kafka, topic))[2]).toBe(0n);
      },
    ));
});

it('understands what @platformatic/kafka sends, in newer and flexible versions', async () => {
  const kafka = await useKafka();
  const proxy = await startFaultProxy({
    bootstrapServers: kafka.bootstrapServers,
    faults: [{ fault: { kind: 'kill-after-write' }, nth: 3 }],
  });
  try {
    await withTopic(kafka, { name: 'fault-proxy', partitions: 2 }, async (topic) => {
      const script = path.join(__dirname, '..', 'support', 'platformatic-produce.mjs');
      await promisify(execFile)(process.execPath, [script, proxy.bootstrapServers, topic, '6']);
      expect(proxy.failures).toEqual([]);
      const produced = proxy.requests.filter(({ kind }) => kind === 'Produce');
      expect(produced.length).toBeGreaterThanOrEqual(6);
      expect(produced[0]!.apiVersion).toBeGreaterThanOrEqual(9);
      expect(produced[0]!.batches[0]).toMatchObject({ topic, producerEpoch: 0, baseSequence: 0, records: 1 });
      expect(proxy.faults).toHaveLength(1);
    });
  } finally {
    await proxy.close();
    await kafka.stop();
  }
});
