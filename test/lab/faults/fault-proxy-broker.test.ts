import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Kafka, Partitioners } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { kafkaJsConfig, startKafka, useKafka, withTopic } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { startFaultProxy } from '../../../src/lab/faults/fault-proxy';
import type { FaultProxy, FaultRule } from '../../../src/lab/faults/fault-proxy';
import { KafkaJsNetworkClient } from '../../../src/network/kafkajs-network-client';
import { endOffsets, readLog } from '../../../src/network/log-reader';
import { codecFor } from '../../../src/protocol/compression';
import { RecordBatchBuilder } from '../../../src/protocol/record-batch-builder';

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

const CLIENT = {
  clientId: 'fault-proxy-test',
  requestTimeoutMs: 10_000,
  maxInFlightRequestsPerConnection: 5,
  reconnectBackoffMs: 50,
  reconnectBackoffMaxMs: 1000,
  socketConnectionSetupTimeoutMs: 10_000,
};

function requestOf(topic: string) {
  const builder = new RecordBatchBuilder({ writeLimit: 1024, codec: codecFor('none') });
  builder.append(Date.now(), null, Buffer.from('value'));
  const bytes = builder.close({ producerId: -1n, producerEpoch: -1, baseSequence: -1 });
  return { acks: -1 as const, timeoutMs: 10_000, batches: [{ topic, partition: 0, bytes }] };
}

async function ready(client: KafkaJsNetworkClient, node: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const ask = () => client.ready(node) && resolve();
    client.onReadyChange(ask);
    ask();
  });
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

  it('is also where a partition is led now, when a broker that does not lead it says so (KIP-951)', () =>
    throughProxy(kafka, [], async ({ proxy, topic }) => {
      const client = new KafkaJsNetworkClient({ ...CLIENT, bootstrapServers: proxy.bootstrapServers });
      try {
        const { topics, brokers: nodes } = await client.fetchMetadata([topic]);
        const { leader, leaderEpoch } = topics[0]!.partitions[0]!;
        const other = nodes.find(({ id }) => id !== leader);
        if (other === undefined) return expect(brokers).toBe(1);
        await ready(client, other.id);
        const { partitions, nodeEndpoints } = await client.produce(other.id, requestOf(topic), 10_000);
        expect(partitions).toMatchObject([{ errorCode: 6, currentLeader: { leader, leaderEpoch } }]);
        // As metadata had it: the proxy's own address, not the broker's.
        const { host, port } = nodes.find(({ id }) => id === leader)!;
        expect(nodeEndpoints).toEqual([{ id: leader, host, port, rack: null }]);
        await ready(client, leader);
        const retried = await client.produce(leader, requestOf(topic), 10_000);
        expect(retried.partitions).toMatchObject([{ errorCode: 0, baseOffset: 0n, currentLeader: null }]);
        expect(proxy.requests.at(-1)).toMatchObject({ kind: 'Produce', apiVersion: 10, node: leader });
      } finally {
        await client.close();
      }
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
