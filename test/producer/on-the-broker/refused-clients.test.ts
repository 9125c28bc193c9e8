import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  ResourcePatternTypes,
} from 'kafkajs';
import { startEmbeddedKafka } from '../../../src/broker/embedded/embedded-kafka';
import type { EmbeddedKafka } from '../../../src/broker/embedded/embedded-kafka';
import { createTopic, kafkaJsConfig } from '../../../src/broker/index';
import { startFaultProxy } from '../../../src/lab/faults/fault-proxy';
import { readLog } from '../../../src/network/log-reader';
import { KafkaProducer, StringSerializer } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';
import {
  SaslAuthenticationError,
  SslAuthenticationError,
  TopicAuthorizationError,
} from '../../../src/protocol/errors';
import { selfSignedCertificate } from '../../broker/self-signed-certificate';
import { changeScramPassword } from '../../network/scram-credentials';
import { startRelay } from './support/relay';

/** No limit of the producer ends a wait: what settles settles because of the refusal. */
const NO_LIMIT_MS = 2_147_483_647;
const certificate = selfSignedCertificate();
const users = { ada: 'lovelace', charles: 'babbage', eve: 'original' };
let kafka: EmbeddedKafka;

beforeAll(async () => {
  kafka = await startEmbeddedKafka({ secure: { ...certificate, users, enforceAcls: true } });
  await mayWriteEverywhere('ada', 'eve');
}, 180_000);
afterAll(() => kafka?.stop());

async function mayWriteEverywhere(...names: string[]): Promise<void> {
  const admin = new Kafka(kafkaJsConfig(kafka)).admin();
  await admin.connect();
  const acl = names.map((name) => ({
    resourceType: AclResourceTypes.TOPIC,
    resourceName: '*',
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${name}`,
    host: '*',
    operation: AclOperationTypes.WRITE,
    permissionType: AclPermissionTypes.ALLOW,
  }));
  await admin.createAcls({ acl });
  await admin.disconnect();
}

interface Credentials {
  readonly user: string;
  readonly password: string;
  /** Default SCRAM-SHA-512. */
  readonly mechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
}

function signIn({ user, password, mechanism = 'SCRAM-SHA-512' }: Credentials): Partial<ProducerConfig> {
  const login = mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule';
  return {
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': `org.apache.kafka.common.security.${login} required username="${user}" password="${password}";`,
    'ssl.truststore.certificates': certificate.certificate,
  };
}

function newProducer(bootstrapServers: string, config: Partial<ProducerConfig>) {
  return new KafkaProducer<string, string>(
    {
      'bootstrap.servers': bootstrapServers,
      'max.block.ms': NO_LIMIT_MS,
      'delivery.timeout.ms': NO_LIMIT_MS,
      ...config,
    },
    { keySerializer: new StringSerializer(), valueSerializer: new StringSerializer() },
  );
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('A broker that refuses the sign-in', () => {
  it.each([
    ['a wrong password', { user: 'ada', password: 'byron', mechanism: 'PLAIN' }],
    ['a wrong password', { user: 'ada', password: 'byron', mechanism: 'SCRAM-SHA-256' }],
    ['a wrong password', { user: 'ada', password: 'byron', mechanism: 'SCRAM-SHA-512' }],
    ['a user that is not there', { user: 'mallory', password: 'any' }],
  ] as const)('fails every waiting send() at the first attempt: %s, %j', async (_what, credentials) => {
    const relay = await startRelay(kafka.secureBootstrapServers!);
    const producer = newProducer(relay.address, signIn(credentials));
    try {
      const told: (Error | null)[] = [];
      const sends = ['first', 'second'].map((value) =>
        failureOf(producer.send({ topic: 'any', value }, (_metadata, error) => void told.push(error))),
      );
      const failures = await Promise.all(sends);
      expect(relay.connections).toBe(1);
      for (const failure of failures) expect(failure).toBeInstanceOf(SaslAuthenticationError);
      expect(String(failures[0])).toContain(`user "${credentials.user}"`);
      expect(told).toEqual(failures);
      await producer.flush();
    } finally {
      await producer.close();
      await relay.close();
    }
  });

  it('fails whoever reads the log, at the first attempt', async () => {
    const relay = await startRelay(kafka.secureBootstrapServers!);
    try {
      const sasl = { mechanism: 'scram-sha-512', username: 'ada', password: 'byron' } as const;
      const connection = { ssl: { ca: [certificate.certificate] }, sasl };
      const reading = readLog(
        { bootstrapServers: relay.address, connection },
        { topic: 'any', partition: 0 },
      );
      expect(await failureOf(reading)).toBeInstanceOf(SaslAuthenticationError);
      expect(relay.connections).toBe(1);
    } finally {
      await relay.close();
    }
  });

  it('is tried by each later send(), which succeeds once the password is right', async () => {
    const topic = await createTopic(kafka, { name: 'second-thoughts', partitions: 1 });
    const producer = newProducer(kafka.secureBootstrapServers!, signIn({ user: 'eve', password: 'changed' }));
    try {
      expect(await failureOf(producer.send({ topic, value: 'refused' }))).toBeInstanceOf(
        SaslAuthenticationError,
      );
      await changeScramPassword(kafka.bootstrapServers, 'eve', 'changed');
      const accepted = async () => (await producer.send({ topic, value: 'accepted' })).get();
      // The broker takes a moment to know the new password; a send() before that is refused as the first was.
      let outcome: unknown;
      do {
        outcome = await accepted().catch((error: unknown) => error);
      } while (outcome instanceof SaslAuthenticationError);
      expect(outcome).toMatchObject({ topic, partition: 0, offset: 0n });
    } finally {
      await producer.close({ timeoutMs: 0 });
      await changeScramPassword(kafka.bootstrapServers, 'eve', users.eve);
    }
  });
});

describe('A certificate that is refused', () => {
  const others = selfSignedCertificate().certificate;

  it.each([
    ['an authority that is not trusted', { 'ssl.truststore.certificates': others }],
    ['no authority at all', { 'ssl.truststore.certificates': null }],
  ])('fails send() at the first attempt: %s', async (_what, config) => {
    const relay = await startRelay(kafka.secureBootstrapServers!);
    const producer = newProducer(relay.address, {
      ...signIn({ user: 'ada', password: users.ada }),
      ...config,
    });
    try {
      const failure = await failureOf(producer.send({ topic: 'any', value: 'refused' }));
      expect(relay.connections).toBe(1);
      expect(failure).toBeInstanceOf(SslAuthenticationError);
      expect(String(failure)).toMatch(/certificate/i);
    } finally {
      await producer.close();
      await relay.close();
    }
  });
});

describe('A user who may not write', () => {
  it('is told so by send() at the first response', async () => {
    const topic = await createTopic(kafka, { name: 'forbidden', partitions: 1 });
    const ssl = { ca: [certificate.certificate] };
    const proxy = await startFaultProxy({ bootstrapServers: kafka.secureBootstrapServers!, ssl });
    const producer = newProducer(proxy.bootstrapServers, {
      ...signIn({ user: 'charles', password: users.charles }),
      'security.protocol': 'SASL_PLAINTEXT',
    });
    try {
      const failure = await failureOf(producer.send({ topic, value: 'forbidden' }));
      expect(failure).toBeInstanceOf(TopicAuthorizationError);
      expect(String(failure)).toContain(topic);
      expect(proxy.requests.filter(({ kind }) => kind === 'Metadata')).toHaveLength(1);
      expect(proxy.failures).toEqual([]);
    } finally {
      await producer.close();
      await proxy.close();
    }
  });
});

describe('Credentials that are taken away while the producer runs', () => {
  it('fail what is not sent yet by their name, and the producer goes on once they are back', async () => {
    const topic = await createTopic(kafka, { name: 'revoked', partitions: 1 });
    const ssl = { ca: [certificate.certificate] };
    const proxy = await startFaultProxy({ bootstrapServers: kafka.secureBootstrapServers!, ssl });
    const producer = newProducer(proxy.bootstrapServers, {
      ...signIn({ user: 'eve', password: users.eve }),
      'security.protocol': 'SASL_PLAINTEXT',
    });
    const send = async (value: string) => (await producer.send({ topic, value })).get();
    try {
      expect(await send('before')).toMatchObject({ offset: 0n });
      await changeScramPassword(kafka.bootstrapServers, 'eve', null);
      let meanwhile = 0;
      let failure: unknown = null;
      // The broker takes a moment to forget a password, too.
      for (; failure === null; meanwhile++) {
        proxy.killConnections();
        failure = await failureOf(send('meanwhile'));
      }
      expect(failure).toBeInstanceOf(SaslAuthenticationError);

      await changeScramPassword(kafka.bootstrapServers, 'eve', users.eve);
      let outcome: unknown;
      do {
        outcome = await send('after').catch((error: unknown) => error);
      } while (outcome instanceof SaslAuthenticationError);
      expect(outcome).toMatchObject({ topic, partition: 0 });
      const log = await readLog(kafka, { topic, partition: 0 });
      const written = Array.from({ length: meanwhile - 1 }, () => 'meanwhile');
      expect(log.map(({ value }) => String(value))).toEqual(['before', ...written, 'after']);
      expect(proxy.failures).toEqual([]);
    } finally {
      await producer.close({ timeoutMs: 0 });
      await proxy.close();
    }
  });
});
