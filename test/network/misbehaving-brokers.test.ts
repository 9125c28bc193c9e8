import net from 'node:net';
import { KafkaJsNetworkClient } from '../../src/network/kafkajs-network-client';
import type { KafkaJsNetworkClientOptions } from '../../src/network/kafkajs-network-client';
import { LogReader } from '../../src/network/log-reader';
import { NetworkFailure } from '../../src/network/network-client';
import { AuthenticationError, UnsupportedVersionError } from '../../src/protocol/errors';
import { refusal, writeProduceResponse } from '../../src/protocol/produce-frames';
import { API_KEYS } from '../../src/protocol/request-header';
import type { RequestHeader } from '../../src/protocol/request-header';
import { ManualClock } from '../../src/support/clock';
import { FakeBroker, metadata, respond, versions } from './fake-broker';
import type { Reply } from './fake-broker';

const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;
const BATCH = { topic: 'orders', partition: 0, bytes: Buffer.alloc(61) };
const PRODUCE = { acks: -1 as const, timeoutMs: 1000, batches: [BATCH] };

// Jest itself fails a test during which a promise is rejected unseen or an exception leaves the event of a socket.
let broker: FakeBroker;
const brokers: FakeBroker[] = [];
const clients: KafkaJsNetworkClient[] = [];

beforeEach(async () => {
  broker = await newBroker();
  broker.on(API_KEYS.Metadata, (header) => metadata(header, [broker.node()]));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const one of brokers) await one.until(() => one.openConnections === 0);
  await Promise.all(brokers.splice(0).map((one) => one.stop()));
});

async function newBroker(): Promise<FakeBroker> {
  const started = await FakeBroker.start();
  brokers.push(started);
  return started;
}

function newClient(options: Partial<KafkaJsNetworkClientOptions> = {}): KafkaJsNetworkClient {
  const client = new KafkaJsNetworkClient({
    bootstrapServers: broker.address,
    clientId: 'network-test',
    requestTimeoutMs: 600_000,
    maxInFlightRequestsPerConnection: 5,
    reconnectBackoffMs: 10,
    reconnectBackoffMaxMs: 50,
    socketConnectionSetupTimeoutMs: 600_000,
    ...options,
  });
  clients.push(client);
  return client;
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

/** Resolves once a request to the node can be written, asking again whenever the client says that it may be so. */
async function ready(client: KafkaJsNetworkClient, node: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const ask = () => client.ready(node) && resolve();
    client.onReadyChange(ask);
    ask();
  });
}

/** A promise, and how to resolve it. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

const malformed: readonly (readonly [string, (header: RequestHeader) => Reply])[] = [
  ['a response that ends early', (header) => respond(header, (writer) => writer.int32(0))],
  ['a response of one byte behind its header', (header) => respond(header, (writer) => writer.int8(0))],
  ['a response to a request that nobody made', (header) => metadata({ ...header, correlationId: 99 }, [])],
  ['a frame without room for its correlation id', () => Buffer.from([0, 0, 0, 2, 0, 0])],
  ['a frame of a negative length', () => Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ['a frame of two gigabytes', () => Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ['another protocol', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['the end of the connection', () => 'close'],
];

describe('a client whose broker misbehaves', () => {
  it.each(malformed)(
    'fails a Metadata request with a NetworkFailure, and connects again, after %s',
    async (_name, reply) => {
      const client = newClient();
      broker.on(API_KEYS.Metadata, reply);
      expect(await failureOf(client.fetchMetadata([]))).toBeInstanceOf(NetworkFailure);
      await broker.until(() => broker.openConnections === 0);

      broker.on(API_KEYS.Metadata, (header) => metadata(header, [broker.node()]));
      const again = new Promise<void>((resolve) => {
        const ask = () =>
          void client.fetchMetadata([]).then(
            () => resolve(),
            () => {},
          );
        client.onReadyChange(ask);
        ask();
      });
      await again;
      expect(broker.connections).toBe(2);
    },
  );

  it.each(malformed)(
    'fails a Produce request, and what is in flight with it, after %s',
    async (_name, reply) => {
      const client = newClient();
      await client.fetchMetadata([]);
      broker.on(API_KEYS.Produce, (header) => (header.correlationId % 2 === 0 ? 'silence' : reply(header)));
      const [first, second] = [1, 2].map(() => failureOf(client.produce(1, PRODUCE, 600_000)));
      expect(await first).toBeInstanceOf(NetworkFailure);
      expect(await second).toBeInstanceOf(NetworkFailure);
      expect(client.ready(1)).toBe(false);
    },
  );

  it.each(malformed)('fails with a NetworkFailure when ApiVersions gets %s', async (_name, reply) => {
    broker.on(API_KEYS.ApiVersions, reply);
    const failure = await failureOf(newClient().fetchMetadata([]));
    expect(failure).toBeInstanceOf(NetworkFailure);
  });

  it.each(malformed)('does not take it for a refusal when the sign-in gets %s', async (_name, reply) => {
    const sasl = { mechanism: 'scram-sha-256' as const, username: 'ada', password: 'lovelace' };
    for (const apiKey of [SASL_HANDSHAKE, SASL_AUTHENTICATE]) {
      broker.on(SASL_HANDSHAKE, (header) =>
        respond(header, (writer) => writer.int16(0).array(['SCRAM-SHA-256'], (name) => writer.string(name))),
      );
      broker.on(apiKey, reply);
      const failure = await failureOf(newClient({ sasl }).fetchMetadata([]));
      expect(failure).toBeInstanceOf(NetworkFailure);
      expect(failure).not.toBeInstanceOf(AuthenticationError);
    }
  });

  it('fails with a NetworkFailure when Metadata names no brokers, as from one that has just started', async () => {
    broker.on(API_KEYS.Metadata, (header) => metadata(header, []));
    expect(await failureOf(newClient().fetchMetadata([]))).toBeInstanceOf(NetworkFailure);
  });

  it('gives up a set-up without responses after socket.connection.setup.timeout.ms', async () => {
    broker.on(API_KEYS.ApiVersions, () => 'silence');
    const client = newClient({ socketConnectionSetupTimeoutMs: 50 });
    await expect(client.fetchMetadata([])).rejects.toThrow(
      `There is no connection to ${broker.address}: it was not set up within 50 ms.`,
    );
    await broker.until(() => broker.openConnections === 0);
  });

  it('sends nothing that the broker is too old for, and says so', async () => {
    broker.on(API_KEYS.ApiVersions, (header) => versions(header, { [API_KEYS.Metadata]: [0, 9] }));
    const failure = await failureOf(newClient().fetchMetadata([]));
    expect(failure).toBeInstanceOf(UnsupportedVersionError);
    expect((failure as Error).message).toMatch(/does not take version 12 of Metadata \(it offers 0 to 9\)/);
    expect(broker.requests.map(({ apiKey }) => apiKey)).toEqual([API_KEYS.ApiVersions]);
  });
});

describe('a log reader whose broker misbehaves', () => {
  it('drops the connection after a response that cannot be read, and retries', async () => {
    const reader = new LogReader({ bootstrapServers: broker.address });
    let requests = 0;
    broker.on(API_KEYS.Metadata, (header) => {
      if (++requests === 1) return respond(header, (writer) => writer.int8(0));
      return respond(header, (writer) => {
        writer
          .int32(0)
          .array([], () => {})
          .string(null)
          .int32(-1);
        writer.array(['orders'], (topic) => {
          writer
            .int16(29)
            .string(topic)
            .raw(Buffer.alloc(16))
            .int8(0)
            .array([], () => {})
            .int32(0)
            .tags();
        });
      });
    });
    // Refused for good the second time: without retries on authorization, this is the end of it.
    await expect(reader.endOffsets('orders')).rejects.toMatchObject({ name: 'TopicAuthorizationError' });
    expect([requests, broker.connections]).toEqual([2, 2]);
    reader.close();
  });

  it('ends a set-up without responses when it is closed', async () => {
    const reader = new LogReader({ bootstrapServers: broker.address });
    broker.on(API_KEYS.ApiVersions, () => 'silence');
    const reading = failureOf(reader.endOffsets('orders'));
    await broker.until(() => broker.requests.length === 1);
    reader.close();
    await broker.until(() => broker.openConnections === 0);
    expect(await reading).toMatchObject({ name: 'IllegalStateError' });
  });
});

describe('requests in flight', () => {
  it('are counted with their connection, also when it turns out to be that of a broker', async () => {
    const client = newClient({ maxInFlightRequestsPerConnection: 1 });
    const second = gate();
    let requests = 0;
    broker.on(API_KEYS.Metadata, async (header) => {
      if (++requests === 2) await second.opened;
      return metadata(header, [broker.node()]);
    });
    // Both go over the connection to the bootstrap address; the first response says that it is broker 1's.
    const both = [client.fetchMetadata([]), client.fetchMetadata([])];
    await both[0];
    expect(client.ready(1)).toBe(false);
    second.open();
    await both[1];
    expect(client.ready(1)).toBe(true);
    expect(broker.connections).toBe(1);
  });

  it('of a connection that was lost do not count for the next one', async () => {
    const client = newClient({ maxInFlightRequestsPerConnection: 1 });
    await client.fetchMetadata([]);
    broker.on(API_KEYS.Produce, () => 'close');
    await failureOf(client.produce(1, PRODUCE, 600_000));
    await ready(client, 1);
    expect(broker.connections).toBe(2);
  });
});

describe('a client that is asked to wait', () => {
  const throttled = (header: RequestHeader) => metadata(header, [broker.node()], 1000);

  it('waits as long as a Metadata or Produce response says (KIP-219), and never less than it was told before', async () => {
    const clock = new ManualClock();
    const client = newClient({ clock });
    let changes = 0;
    client.onReadyChange(() => changes++);
    broker.on(API_KEYS.Metadata, throttled);
    await client.fetchMetadata([]);
    expect(client.ready(1)).toBe(false);

    broker.on(API_KEYS.Produce, (header) =>
      writeProduceResponse(header, { partitions: [refusal('orders', 0, 0)], throttleTimeMs: 400 }),
    );
    await client.produce(1, PRODUCE, 600_000);
    clock.advance(999);
    expect(client.ready(1)).toBe(false);
    const before = changes;
    clock.advance(1);
    expect(changes).toBe(before + 1);
    expect(client.ready(1)).toBe(true);
  });

  it('asks another broker for metadata meanwhile', async () => {
    const other = await newBroker();
    const both = (header: RequestHeader, throttleTimeMs: number) =>
      metadata(header, [broker.node(1), other.node(2)], throttleTimeMs);
    const client = newClient({ clock: new ManualClock() });
    broker.on(API_KEYS.Metadata, (header) => both(header, 1000));
    other.on(API_KEYS.Metadata, (header) => both(header, 0));
    await client.fetchMetadata([]);
    await ready(client, 2);
    await client.fetchMetadata([]);
    expect(other.requests.map(({ apiKey }) => apiKey)).toEqual([API_KEYS.ApiVersions, API_KEYS.Metadata]);
  });
});

describe('a client that is connecting', () => {
  it('rejects what waits, and ends the attempt, when it is closed', async () => {
    broker.on(API_KEYS.ApiVersions, () => 'silence');
    const client = newClient();
    const waiting = [client.fetchMetadata([]), client.initProducerId()].map(failureOf);
    await broker.until(() => broker.requests.length === 1);
    await client.close();
    for (const failure of await Promise.all(waiting)) expect(failure).toBeInstanceOf(NetworkFailure);
    await broker.until(() => broker.openConnections === 0);
  });

  it('is as good as closed when it is closed before its socket is connected', async () => {
    const client = newClient();
    const waiting = failureOf(client.fetchMetadata([]));
    await client.close();
    expect(await waiting).toMatchObject({ name: 'NetworkFailure' });
    expect(broker.requests).toEqual([]);
  });

  it('takes a connection that is made meanwhile instead of waiting for one that hangs', async () => {
    const hanging = await newBroker();
    const client = newClient();
    broker.on(API_KEYS.Metadata, (header) => metadata(header, [hanging.node(1), broker.node(2)]));
    await client.fetchMetadata([]);
    broker.on(API_KEYS.Produce, () => 'close');
    await failureOf(client.produce(2, PRODUCE, 600_000));
    // No connection is left, and broker 1, which does not respond to ApiVersions, comes first.
    hanging.on(API_KEYS.ApiVersions, () => 'silence');
    const waiting = client.fetchMetadata([]);
    await hanging.until(() => hanging.requests.length === 1);
    const ask = () => void client.ready(2);
    client.onReadyChange(ask);
    ask();
    expect((await waiting).brokers).toHaveLength(2);
  });

  it('gives an attempt up when the broker turns out to be elsewhere', async () => {
    const old = await newBroker();
    old.on(API_KEYS.ApiVersions, () => 'silence');
    const moved = await newBroker();
    const client = newClient();
    broker.on(API_KEYS.Metadata, (header) => metadata(header, [broker.node(1), old.node(2)]));
    await client.fetchMetadata([]);
    expect(client.ready(2)).toBe(false);
    await old.until(() => old.requests.length === 1);

    broker.on(API_KEYS.Metadata, (header) => metadata(header, [broker.node(1), moved.node(2)]));
    await client.fetchMetadata([]);
    await old.until(() => old.openConnections === 0);
    await ready(client, 2);
    expect(moved.connections).toBe(1);
  });

  it('connects to a broker that only a Produce response has named (KIP-951)', async () => {
    const leader = await newBroker();
    const client = newClient();
    await client.fetchMetadata([]);
    expect(client.ready(7)).toBe(false);
    const endpoint = { ...leader.node(7), rack: null };
    const currentLeader = { leader: 7, leaderEpoch: 3 };
    broker.on(API_KEYS.Produce, (header) => {
      const partitions = [{ ...refusal('orders', 0, 6), currentLeader }];
      return writeProduceResponse(header, { partitions, throttleTimeMs: 0, nodeEndpoints: [endpoint] });
    });
    const response = await client.produce(1, PRODUCE, 600_000);
    expect(response).toMatchObject({
      nodeEndpoints: [endpoint],
      partitions: [{ errorCode: 6, currentLeader }],
    });
    await ready(client, 7);
  });

  it('tries each address once, and says what was wrong with the last', async () => {
    const others = [await newBroker(), await newBroker()];
    for (const one of [broker, ...others]) one.on(API_KEYS.ApiVersions, () => 'close');
    const bootstrapServers = [broker, ...others].map(({ address }) => address).join(',');
    const client = newClient({ bootstrapServers, reconnectBackoffMs: 0, reconnectBackoffMaxMs: 0 });
    await expect(client.fetchMetadata([])).rejects.toThrow(
      `There is no connection to ${others[1]!.address}: `,
    );
    expect([broker, ...others].map(({ connections }) => connections)).toEqual([1, 1, 1]);
  });
});

it('fails with a NetworkFailure when nobody listens', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const client = newClient({ bootstrapServers: `127.0.0.1:${port}` });
  expect(await failureOf(client.fetchMetadata([]))).toBeInstanceOf(NetworkFailure);
});
