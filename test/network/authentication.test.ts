import net from 'node:net';
import tls from 'node:tls';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  ResourcePatternTypes,
} from 'kafkajs';
import { startEmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import type { EmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import { createTopic, kafkaJsConfig } from '../../src/broker/index';
import type { KafkaConnectionOptions } from '../../src/network/connection-options';
import { KafkaJsConnection } from '../../src/network/kafkajs-internals';
import { KafkaJsNetworkClient } from '../../src/network/kafkajs-network-client';
import type { KafkaJsNetworkClientOptions } from '../../src/network/kafkajs-network-client';
import { LogReader } from '../../src/network/log-reader';
import { NetworkFailure } from '../../src/network/network-client';
import { codecFor } from '../../src/protocol/compression';
import {
  AuthenticationError,
  ConfigError,
  IllegalSaslStateError,
  SaslAuthenticationError,
  SslAuthenticationError,
  TopicAuthorizationError,
  UnsupportedSaslMechanismError,
} from '../../src/protocol/errors';
import { RecordBatchBuilder } from '../../src/protocol/record-batch-builder';
import { ManualClock } from '../../src/support/clock';
import { selfSignedCertificate } from '../broker/self-signed-certificate';
import { changeScramPassword } from './scram-credentials';

const TIMEOUT_MS = 30_000;
/** A broker takes no more than one renewal a second (KIP-368). */
const SESSION_MS = 2000;
const certificate = selfSignedCertificate();
const ssl = { ca: [certificate.certificate] };
const users = { ada: 'lovelace', eve: 'original', mallory: 'malicious' };
let kafka: EmbeddedKafka;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  const secure = { ...certificate, users, enforceAcls: true, sessionLifetimeMs: SESSION_MS };
  kafka = await startEmbeddedKafka({ secure });
  await allowAllTopics('ada', 'eve');
}, 180_000);

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
});

afterAll(() => kafka?.stop());

async function allowAllTopics(...names: string[]): Promise<void> {
  const admin = new Kafka(kafkaJsConfig(kafka)).admin();
  await admin.connect();
  await admin.createAcls({
    acl: names.map((name) => ({
      resourceType: AclResourceTypes.TOPIC,
      resourceName: '*',
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${name}`,
      host: '*',
      operation: AclOperationTypes.ALL,
      permissionType: AclPermissionTypes.ALLOW,
    })),
  });
  await admin.disconnect();
}

function newClient(options: Partial<KafkaJsNetworkClientOptions>): KafkaJsNetworkClient {
  const client = new KafkaJsNetworkClient({
    bootstrapServers: kafka.secureBootstrapServers!,
    clientId: 'network-test',
    requestTimeoutMs: TIMEOUT_MS,
    maxInFlightRequestsPerConnection: 5,
    reconnectBackoffMs: 50,
    reconnectBackoffMaxMs: 100,
    socketConnectionSetupTimeoutMs: 10_000,
    ...options,
  });
  closing.push(() => client.close());
  return client;
}

type Mechanism = NonNullable<KafkaConnectionOptions['sasl']>['mechanism'];

const signIn = (username: string, password: string, mechanism: Mechanism = 'scram-sha-512') => ({
  ssl,
  sasl: { mechanism, username, password },
});

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error as Error,
  );

/** Resolves once a request to the node can be written; rejects once the node has refused this client. */
function ready(client: KafkaJsNetworkClient, node: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const ask = () => {
      if (client.ready(node)) resolve();
      const refused = client.authenticationError(node);
      if (refused !== null) reject(refused);
    };
    client.onReadyChange(ask);
    ask();
  });
}

function batch(topic: string, text: string) {
  const builder = new RecordBatchBuilder({ writeLimit: 16384, codec: codecFor('none') });
  builder.append(Date.now(), null, Buffer.from(text));
  return {
    topic,
    partition: 0,
    bytes: builder.close({ producerId: -1n, producerEpoch: -1, baseSequence: -1 }),
  };
}

const requestOf = (topic: string, text: string) => ({
  acks: -1 as const,
  timeoutMs: TIMEOUT_MS,
  batches: [batch(topic, text)],
});

async function listening(server: net.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

describe('wrong credentials', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'fail metadata and producer ids at once with a SaslAuthenticationError, with %s',
    async (mechanism) => {
      const client = newClient(signIn('ada', 'byron', mechanism));
      const errors = [await failureOf(client.fetchMetadata([])), await failureOf(client.initProducerId())];
      for (const error of errors) {
        expect(error).toBeInstanceOf(SaslAuthenticationError);
        expect(error).not.toBeInstanceOf(NetworkFailure);
        expect(error!.message).toMatch(/refused user "ada" .*invalid (credentials|username or password)/i);
        expect(error!.message).not.toContain('byron');
      }
    },
  );

  it('are those of a user that is not there, too', async () => {
    const failure = await failureOf(newClient(signIn('charles', 'babbage')).fetchMetadata([]));
    expect(failure).toBeInstanceOf(SaslAuthenticationError);
  });

  it('are not tried a second time before the backoff is over, and not forgotten meanwhile', async () => {
    const clock = new ManualClock();
    let connections = 0;
    const [, port] = kafka.secureBootstrapServers!.split(':');
    const relay = net.createServer((client) => {
      connections++;
      const broker = net.connect(Number(port), '127.0.0.1');
      client.on('error', () => broker.destroy()).pipe(broker);
      broker.on('error', () => client.destroy()).pipe(client);
    });
    const client = newClient({ ...signIn('ada', 'byron'), bootstrapServers: await listening(relay), clock });
    const first = await failureOf(client.fetchMetadata([]));
    expect(first).toBeInstanceOf(SaslAuthenticationError);
    expect(await failureOf(client.fetchMetadata([]))).toBe(first);
    expect(await failureOf(client.initProducerId())).toBe(first);
    expect(connections).toBe(1);
    clock.advance(60); // reconnect.backoff.ms and its jitter
    expect(await failureOf(client.fetchMetadata([]))).toBeInstanceOf(SaslAuthenticationError);
    expect(connections).toBe(2);
  });

  it('end the attempts of a log reader at the first', async () => {
    const open = jest.spyOn(KafkaJsConnection.prototype, 'open');
    const connection = signIn('ada', 'byron');
    const reader = new LogReader({ bootstrapServers: kafka.secureBootstrapServers!, connection });
    const failures = [reader.readLog({ topic: 'any', partition: 0 }), reader.endOffsets('any')].map(
      failureOf,
    );
    for (const failure of await Promise.all(failures))
      expect(failure).toBeInstanceOf(SaslAuthenticationError);
    expect(open.mock.contexts.every((context) => context === open.mock.contexts[0])).toBe(true);
    reader.close();
  });
});

describe('a user without rights', () => {
  it('gets a TopicAuthorizationError from the log reader at once, and error 29 in metadata', async () => {
    const topic = await createTopic(kafka, { name: 'secret', partitions: 1 });
    const ask = jest.spyOn(KafkaJsConnection.prototype, 'ask');
    const connection = signIn('mallory', users.mallory);
    const reader = new LogReader({ bootstrapServers: kafka.secureBootstrapServers!, connection });
    const failure = await failureOf(reader.readLog({ topic, partition: 0 }));
    expect(failure).toBeInstanceOf(TopicAuthorizationError);
    expect(ask).toHaveBeenCalledTimes(1);
    reader.close();
    const { topics } = await newClient(connection).fetchMetadata([topic]);
    expect(topics).toMatchObject([{ topic, errorCode: 29 }]);
  });
});

describe('a client whose settings do not fit the broker', () => {
  it('is told of a SASL mechanism that the broker does not offer', async () => {
    const failure = await failureOf(
      newClient(signIn('ada', 'lovelace', 'oauthbearer' as Mechanism)).fetchMetadata([]),
    );
    expect(failure).toBeInstanceOf(UnsupportedSaslMechanismError);
    expect(failure!.message).toContain('OAUTHBEARER');
  });

  it('is told that the port takes no SASL', async () => {
    const { sasl } = signIn('ada', 'lovelace');
    const failure = await failureOf(
      newClient({ sasl, bootstrapServers: kafka.bootstrapServers }).fetchMetadata([]),
    );
    expect(failure).toBeInstanceOf(IllegalSaslStateError);
  });

  it('sees a broken network, as in Java, where it does not sign in and should, with a hint at the reason', async () => {
    const failure = await failureOf(newClient({ ssl }).fetchMetadata([]));
    expect(failure).toBeInstanceOf(NetworkFailure);
    expect(failure!.message).toMatch(/a broker that expects SASL closes the connections/);
  });

  it('refuses a certificate that it does not trust', async () => {
    const failure = await failureOf(newClient({ ...signIn('ada', 'lovelace'), ssl: true }).fetchMetadata([]));
    expect(failure).toBeInstanceOf(SslAuthenticationError);
    expect(failure!.message).toMatch(
      /certificate .* was refused: self-signed certificate \(DEPTH_ZERO_SELF_SIGNED_CERT\)\./,
    );
  });

  it('refuses a certificate for another name', async () => {
    const bootstrapServers = kafka.secureBootstrapServers!.replace('127.0.0.1', '127.1');
    const failure = await failureOf(
      newClient({ ...signIn('ada', 'lovelace'), bootstrapServers }).fetchMetadata([]),
    );
    expect(failure).toBeInstanceOf(SslAuthenticationError);
    expect(failure!.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it.each([undefined, signIn('ada', 'lovelace').sasl])(
    'is told that the port expects TLS (sasl: %j)',
    async (sasl) => {
      const failure = await failureOf(newClient({ sasl }).fetchMetadata([]));
      expect(failure).toBeInstanceOf(SslAuthenticationError);
      expect(failure!.message).toContain('expects TLS on this port');
    },
  );

  it('sees a broken network, as in Java, where it speaks TLS and the broker does not: the broker just closes', async () => {
    const failure = await failureOf(
      newClient({ ssl, bootstrapServers: kafka.bootstrapServers }).fetchMetadata([]),
    );
    expect(failure).toBeInstanceOf(NetworkFailure);
    expect(failure!.message).toMatch(/before secure TLS connection was established/);
  });

  it('is told that the other side does not speak TLS, when that says something else', async () => {
    const web = net.createServer(
      (socket) => void socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    const failure = await failureOf(
      newClient({ ssl, bootstrapServers: await listening(web) }).fetchMetadata([]),
    );
    expect(failure).toBeInstanceOf(SslAuthenticationError);
    expect(failure!.message).toContain('wrong version number');
  });

  it('is told that it needs a certificate of its own', async () => {
    const { key, certificate: cert } = certificate;
    const server = tls.createServer({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: true });
    server.on('tlsClientError', () => {});
    const failure = await failureOf(
      newClient({ ssl, bootstrapServers: await listening(server) }).fetchMetadata([]),
    );
    expect(failure).toBeInstanceOf(SslAuthenticationError);
    expect(failure!.message).toMatch(/TLS handshake .*certificate required/);
  });

  it.each([
    ['certificate authority', { ca: ['-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n'] }],
    ['certificate', { cert: 'nonsense' }],
    ['key', { ...ssl, cert: certificate.certificate, key: 'nonsense' }],
  ])('cannot be made with a %s that cannot be read', (_name, broken) => {
    const connection = { ssl: broken };
    expect(() => newClient(connection)).toThrow(ConfigError);
    expect(() => new LogReader({ bootstrapServers: 'localhost:9092', connection })).toThrow(ConfigError);
  });
});

describe(`a SASL session of ${SESSION_MS} ms`, () => {
  it('is renewed in time, again and again, on the same connection, while records flow', async () => {
    const renewals = jest.spyOn(KafkaJsConnection.prototype, 'authenticate');
    const opened = jest.spyOn(KafkaJsConnection.prototype, 'open');
    const topic = await createTopic(kafka, { name: 'sessions', partitions: 1 });
    const client = newClient(signIn('ada', users.ada));
    let sent = 0n;
    while (renewals.mock.calls.length < 2) {
      // Metadata as well: it goes over the same connection, and must not be sent while that signs in.
      const { topics } = await client.fetchMetadata([topic]);
      const leader = topics[0]!.partitions[0]!.leader;
      await ready(client, leader);
      const { partitions } = await client.produce(leader, requestOf(topic, String(sent)), TIMEOUT_MS);
      expect(partitions[0]).toMatchObject({ errorCode: 0, baseOffset: sent++ });
    }
    expect(sent).toBeGreaterThan(2n);
    expect(opened).toHaveBeenCalledTimes(1);
  });

  it('is renewed with several requests in flight all the time', async () => {
    const renewals = jest.spyOn(KafkaJsConnection.prototype, 'authenticate');
    const topic = await createTopic(kafka, { name: 'pipelined', partitions: 1 });
    const client = newClient(signIn('ada', users.ada));
    await client.fetchMetadata([topic]);
    const offsets: bigint[] = [];
    const sessions = new Set<number>();
    const waiters: (() => void)[] = [];
    client.onReadyChange(() => waiters.splice(0).forEach((resolve) => resolve()));
    const send = async (): Promise<void> => {
      while (!sessions.has(2)) {
        if (!client.ready(1)) {
          await new Promise<void>((resolve) => waiters.push(resolve));
          continue;
        }
        const { partitions } = await client.produce(1, requestOf(topic, 'text'), TIMEOUT_MS);
        offsets.push(partitions[0]!.baseOffset);
        sessions.add(renewals.mock.calls.length);
      }
    };
    await Promise.all([send(), send(), send(), send()]);
    expect([...sessions]).toEqual([0, 1, 2]);
    expect(offsets).toEqual(offsets.map((_offset, index) => BigInt(index)));
  });

  it('does not end the connection of a log reader', async () => {
    const renewals = jest.spyOn(KafkaJsConnection.prototype, 'authenticate');
    const opened = jest.spyOn(KafkaJsConnection.prototype, 'open');
    const topic = await createTopic(kafka, { name: 'read-for-long', partitions: 2 });
    const connection = signIn('ada', users.ada);
    const reader = new LogReader({ bootstrapServers: kafka.secureBootstrapServers!, connection });
    while (renewals.mock.calls.length < 1) expect(await reader.endOffsets(topic)).toEqual([0n, 0n]);
    expect(await reader.endOffsets(topic)).toEqual([0n, 0n]);
    expect(new Set(opened.mock.contexts).size).toBe(1);
    reader.close();
  });

  it('is renewed by kafkajs, too, in the clients that the course makes of it', async () => {
    const connection = signIn('ada', users.ada);
    const admin = new Kafka(
      kafkaJsConfig({ bootstrapServers: kafka.secureBootstrapServers!, connection }),
    ).admin();
    await admin.connect();
    // kafkajs tells nobody of a renewal: after more than a session there has been one.
    const end = Date.now() + 1.5 * SESSION_MS;
    while (Date.now() < end) expect(await admin.listTopics()).toEqual(expect.any(Array));
    await admin.disconnect();
  });

  it('that is not renewed, since the password was changed, is told by authenticationError until it is right', async () => {
    const topic = await createTopic(kafka, { name: 'revoked', partitions: 1 });
    const client = newClient(signIn('eve', users.eve));
    await client.fetchMetadata([topic]);
    expect(client.authenticationError(1)).toBeNull();
    await changeScramPassword(kafka.bootstrapServers, 'eve', 'changed');
    let refused: Error | null = null;
    while (refused === null) {
      refused = await failureOf(
        ready(client, 1).then(() => client.produce(1, requestOf(topic, 'still signed in'), TIMEOUT_MS)),
      );
    }
    expect(refused).toBeInstanceOf(SaslAuthenticationError);
    expect(client.authenticationError(1)).toBeInstanceOf(SaslAuthenticationError);
    expect(await failureOf(client.produce(1, requestOf(topic, 'refused'), TIMEOUT_MS))).toBeInstanceOf(
      AuthenticationError,
    );
    expect(await failureOf(client.fetchMetadata([topic]))).toBeInstanceOf(SaslAuthenticationError);

    await changeScramPassword(kafka.bootstrapServers, 'eve', users.eve);
    await new Promise<void>((resolve) => {
      const ask = () => client.ready(1) && resolve();
      client.onReadyChange(ask);
      ask();
    });
    expect(client.authenticationError(1)).toBeNull();
    const { partitions } = await client.produce(1, requestOf(topic, 'back'), TIMEOUT_MS);
    expect(partitions[0]!.errorCode).toBe(0);
  });
});
