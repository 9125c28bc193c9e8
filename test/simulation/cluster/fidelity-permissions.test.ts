import { setTimeout as delay } from 'node:timers/promises';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  ResourcePatternTypes,
} from 'kafkajs';
import type { Admin } from 'kafkajs';
import { startEmbeddedKafka } from '../../../src/broker/embedded/embedded-kafka';
import type { EmbeddedKafka } from '../../../src/broker/embedded/embedded-kafka';
import { createTopic, kafkaJsConfig } from '../../../src/broker/index';
import type { NetworkClient } from '../../../src/network/network-client';
import { selfSignedCertificate } from '../../broker/self-signed-certificate';
import { batchBytes } from './support/fixture';
import { produceOne, TwinClients } from './support/twin-clients';

const certificate = selfSignedCertificate();
let kafka: EmbeddedKafka;
let admin: Admin;

beforeAll(async () => {
  const users = { ada: 'lovelace' };
  kafka = await startEmbeddedKafka({ secure: { ...certificate, users, enforceAcls: true } });
  admin = new Kafka(kafkaJsConfig(kafka)).admin();
  await admin.connect();
}, 180_000);

afterAll(async () => {
  await admin.disconnect();
  await kafka.stop();
});

interface Codes {
  readonly produce: number | undefined;
  readonly metadata: number | undefined;
  readonly producerId: number;
}

/** What a client is told about each of its requests. */
async function codesFor(client: NetworkClient, node: number, topic: string): Promise<Codes> {
  const produced = await produceOne(client, node, { topic, bytes: batchBytes({ timestamp: Date.now() }) });
  const { topics } = await client.fetchMetadata([topic]);
  const { errorCode } = await client.initProducerId();
  return {
    produce: produced === 'no response' ? undefined : produced.errorCode,
    metadata: topics[0]?.errorCode,
    producerId: errorCode,
  };
}

function ruleFor(topic: string | null, operation: AclOperationTypes) {
  return {
    resourceType: topic === null ? AclResourceTypes.CLUSTER : AclResourceTypes.TOPIC,
    resourceName: topic ?? 'kafka-cluster',
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: 'User:ada',
    host: '*',
    operation,
    permissionType: AclPermissionTypes.ALLOW,
  };
}

it('permissions that come and go have the same consequences for Produce, Metadata and InitProducerId', async () => {
  const topic = await createTopic(kafka, { name: 'fidelity', partitions: 1, replicationFactor: 1 });
  const write = ruleFor(topic, AclOperationTypes.WRITE);
  await admin.createAcls({ acl: [write] });
  const connection = {
    ssl: { ca: [certificate.certificate] },
    sasl: { mechanism: 'scram-sha-512' as const, username: 'ada', password: 'lovelace' },
  };
  const twin = await TwinClients.connect(
    { bootstrapServers: kafka.secureBootstrapServers!, connection, brokers: 1 },
    { topics: [{ name: topic, partitions: 1 }] },
  );
  const { cluster } = twin;
  const node = (await twin.real.fetchMetadata([])).brokers[0]!.id;
  /** The real broker goes by an ACL a moment after it was set. */
  const both = async (expected: Codes): Promise<void> => {
    for (const deadline = Date.now() + 30_000; ; await delay(20)) {
      const real = await codesFor(twin.real, node, topic);
      if (JSON.stringify(real) !== JSON.stringify(expected) && Date.now() < deadline) continue;
      expect(real).toEqual(expected);
      break;
    }
    expect(await codesFor(twin.simulated, 1, topic)).toEqual(expected);
  };
  try {
    await both({ produce: 0, metadata: 0, producerId: 0 });

    // Whoever may write may describe, and may have a producer id.
    await admin.deleteAcls({ filters: [write] });
    cluster.revokeWrite(topic, { describe: 'revoked' });
    cluster.setIdempotentWrite('revoked');
    await both({ produce: 29, metadata: 29, producerId: 31 });

    await admin.createAcls({ acl: [ruleFor(topic, AclOperationTypes.DESCRIBE)] });
    cluster.grantWrite(topic);
    cluster.revokeWrite(topic);
    await both({ produce: 29, metadata: 0, producerId: 31 });

    await admin.createAcls({ acl: [ruleFor(null, AclOperationTypes.IDEMPOTENT_WRITE)] });
    cluster.setIdempotentWrite('allowed');
    await both({ produce: 29, metadata: 0, producerId: 0 });

    await admin.createAcls({ acl: [write] });
    cluster.grantWrite(topic);
    await both({ produce: 0, metadata: 0, producerId: 0 });
  } finally {
    await twin.close();
  }
});
