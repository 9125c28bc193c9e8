import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import type { EmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import { createTopic } from '../../src/broker/index';
import { KafkaJsNetworkClient } from '../../src/network/kafkajs-network-client';
import type { KafkaJsNetworkClientOptions } from '../../src/network/kafkajs-network-client';
import { readLog } from '../../src/network/log-reader';
import { NetworkFailure } from '../../src/network/network-client';
import { KafkaProducer, StringSerializer } from '../../src/producer/index';
import { codecFor } from '../../src/protocol/compression';
import { RecordBatchBuilder } from '../../src/protocol/record-batch-builder';
import { selfSignedCertificate } from '../broker/self-signed-certificate';

const TIMEOUT_MS = 30_000;
const LARGE = 'x'.repeat(500_000);
const certificate = selfSignedCertificate();
let kafka: EmbeddedKafka;
const clients: KafkaJsNetworkClient[] = [];

beforeAll(async () => {
  kafka = await startEmbeddedKafka({ secure: { ...certificate, users: { ada: 'lovelace' } } });
}, 180_000);

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(() => kafka?.stop());

function newClient(options: Partial<KafkaJsNetworkClientOptions>): KafkaJsNetworkClient {
  const client = new KafkaJsNetworkClient({
    bootstrapServers: kafka.bootstrapServers,
    clientId: 'network-test',
    requestTimeoutMs: TIMEOUT_MS,
    maxInFlightRequestsPerConnection: 5,
    reconnectBackoffMs: 10,
    reconnectBackoffMaxMs: 100,
    socketConnectionSetupTimeoutMs: 10_000,
    ...options,
  });
  clients.push(client);
  return client;
}

const secure = (password: string, mechanism: 'plain' | 'scram-sha-512' = 'scram-sha-512') => ({
  bootstrapServers: kafka.secureBootstrapServers!,
  ssl: { ca: [certificate.certificate] },
  sasl: { mechanism, username: 'ada', password },
});

async function ready(client: KafkaJsNetworkClient, node: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const ask = () => client.ready(node) && resolve();
    client.onReadyChange(ask);
    ask();
  });
}

async function produce(client: KafkaJsNetworkClient, topic: string, text: string) {
  const { topics } = await client.fetchMetadata([topic]);
  const node = topics[0]!.partitions[0]?.leader ?? -1;
  if (node < 0) throw new NetworkFailure(`${topic}-0 has no leader yet.`);
  await ready(client, node);
  const builder = new RecordBatchBuilder({ writeLimit: 16384, codec: codecFor('none') });
  builder.append(Date.now(), null, Buffer.from(text));
  const bytes = builder.close({ producerId: -1n, producerEpoch: -1, baseSequence: -1 });
  const request = { acks: -1 as const, timeoutMs: TIMEOUT_MS, batches: [{ topic, partition: 0, bytes }] };
  return (await client.produce(node, request, TIMEOUT_MS)).partitions[0]!;
}

describe('a broker that asks for a password over TLS', () => {
  it.each(['plain', 'scram-sha-512'] as const)(
    'takes small and large batches after signing in with %s',
    async (mechanism) => {
      const topic = await createTopic(kafka, { name: 'secure', partitions: 1 });
      const client = newClient(secure('lovelace', mechanism));
      expect(await produce(client, topic, 'small')).toMatchObject({ errorCode: 0, baseOffset: 0n });
      expect(await produce(client, topic, LARGE)).toMatchObject({ errorCode: 0, baseOffset: 1n });
      const { bootstrapServers, ...connection } = secure('lovelace', mechanism);
      const log = await readLog({ bootstrapServers, connection }, { topic, partition: 0 });
      expect(log.map(({ value }) => value?.toString() === 'small' || value?.toString() === LARGE)).toEqual([
        true,
        true,
      ]);
    },
  );

  it("is reached with Java's settings too", async () => {
    const topic = await createTopic(kafka, { name: 'secure-config', partitions: 1 });
    const producer = new KafkaProducer(
      {
        'bootstrap.servers': kafka.secureBootstrapServers!,
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'SCRAM-SHA-256',
        'sasl.jaas.config':
          'org.apache.kafka.common.security.scram.ScramLoginModule required username="ada" password="lovelace";',
        'ssl.truststore.certificates': certificate.certificate,
      },
      { keySerializer: new StringSerializer(), valueSerializer: new StringSerializer() },
    );
    try {
      const future = await producer.send({ topic, value: 'by config' });
      expect((await future.get()).offset).toBe(0n);
    } finally {
      await producer.close({ timeoutMs: 5000 });
    }
  });
});

describe('a broker that is killed and comes back', () => {
  it('is found again by the same client, and by whoever reads the log', async () => {
    const topic = await createTopic(kafka, { name: 'restarted', partitions: 1 });
    const client = newClient({});
    await produce(client, topic, 'before');
    await kafka.stopBroker(1, { hard: true });
    await expect(produce(client, topic, 'meanwhile')).rejects.toBeInstanceOf(NetworkFailure);
    expect(client.ready(1)).toBe(false);

    await kafka.startBroker(1);
    const answer = await untilAnswered(() => produce(client, topic, 'after'));
    expect(answer).toMatchObject({ errorCode: 0, baseOffset: 1n });
    const log = await readLog(kafka, { topic, partition: 0 });
    expect(log.map(({ value }) => value?.toString())).toEqual(['before', 'after']);
  });

  /** As a producer does: again after a pause, while there is no connection or no leader yet. */
  async function untilAnswered<T extends { errorCode: number }>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      const answer = await attempt().catch((error: unknown) => {
        if (error instanceof NetworkFailure) return undefined;
        throw error;
      });
      if (answer?.errorCode === 0) return answer;
      await delay(50);
    }
  }
});
