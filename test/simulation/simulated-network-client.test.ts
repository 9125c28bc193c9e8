import { NetworkFailure } from '../../src/network/network-client';
import { SaslAuthenticationError, SslAuthenticationError } from '../../src/protocol/errors';
import { batchBytes, SimulatedSetup } from './cluster/support/fixture';

describe('SimulatedNetworkClient', () => {
  it('is ready for a broker once metadata has named it and a connection is made', async () => {
    const setup = new SimulatedSetup({ brokers: 2 });
    const client = setup.cluster.connect({ connectMs: () => 5 });
    const heard = jest.fn();
    client.onReadyChange(heard);
    expect(client.ready(1)).toBe(false);
    const metadata = await setup.until(client.fetchMetadata([]));
    expect(metadata.brokers.map(({ id }) => id)).toEqual([1, 2]);
    // Broker 1 was asked for the metadata, so there is a connection to it; the question for broker 2 makes one.
    expect([client.ready(1), client.ready(2)]).toEqual([true, false]);
    heard.mockClear();
    await setup.advance(5);
    expect([client.ready(2), heard.mock.calls.length]).toEqual([true, 1]);
  });

  it('refuses to send without a connection', async () => {
    const setup = new SimulatedSetup();
    await expect(setup.produce(setup.cluster.connect())).rejects.toBeInstanceOf(NetworkFailure);
  });

  it('responds after the latency of the node, in the order of its requests', async () => {
    const setup = new SimulatedSetup();
    const latencies = [1, 50, 10];
    const client = await setup.connect({ latencyMs: () => latencies.shift()! });
    const settled: string[] = [];
    for (const value of ['first', 'second']) {
      void setup.produce(client, { values: [value] }).then(() => settled.push(value));
    }
    await setup.advance(24);
    expect([client.inFlight, setup.values()]).toEqual([2, []]);
    await setup.step();
    expect([client.inFlight, setup.values()]).toEqual([2, ['first', 'second']]);
    await setup.advance(24);
    expect(settled).toEqual([]);
    await setup.step();
    expect([client.inFlight, settled]).toEqual([0, ['first', 'second']]);
  });

  it('is not ready while as many requests as allowed are in flight', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect({ maxInFlightRequests: 2, latencyMs: () => 10 });
    const first = setup.produce(client);
    expect(client.ready(1)).toBe(true);
    const second = setup.produce(client);
    expect(client.ready(1)).toBe(false);
    await setup.until(Promise.all([first, second]));
    expect(client.ready(1)).toBe(true);
  });

  it('reads the bytes late: what is in a buffer that is used again too early is what arrives, and it is told', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect({ latencyMs: () => 10 });
    const bytes = Buffer.from(batchBytes({ values: ['mine'] }));
    const response = setup.produce(client, bytes);
    await setup.advance(2);
    batchBytes({ values: ['next'] }).copy(bytes);
    expect(await setup.until(response)).toMatchObject({ errorCode: 0 });
    expect(setup.values()).toEqual(['next']);
    expect(setup.cluster.touchedBuffers).toMatchObject([
      { topic: 'orders', partition: 0, request: { number: 2 } },
    ]);
  });

  it('keeps what it has read: a buffer that is used again after the response changes nothing', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect();
    const bytes = Buffer.from(batchBytes({ values: ['mine'] }));
    await setup.until(setup.produce(client, bytes));
    bytes.fill(0);
    expect([setup.values(), setup.cluster.touchedBuffers]).toEqual([['mine'], []]);
  });

  it('takes the connection with a request that times out, and the broker still writes all of them', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect({ latencyMs: () => 500 });
    const outcomes = Promise.allSettled([
      setup.produce(client, { values: ['slow'] }, { timeoutMs: 100 }),
      setup.produce(client, { values: ['patient'] }, { timeoutMs: 10_000 }),
    ]);
    for (const outcome of await setup.until(outcomes)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(NetworkFailure) as unknown });
    }
    expect(client.ready(1)).toBe(false);
    await setup.advance(500);
    expect(setup.values()).toEqual(['slow', 'patient']);
  });

  it('resolves acks=0 on write, without an offset', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect({ latencyMs: () => 1000 });
    const response = await setup.until(setup.produce(client, {}, { acks: 0 }));
    expect(response).toMatchObject({ errorCode: 0, baseOffset: -1n });
    expect(setup.values()).toEqual([]);
    await setup.advance(500);
    expect(setup.values()).toEqual(['value']);
  });

  it('loses the connection when acks=0 meets an error', async () => {
    const setup = new SimulatedSetup({
      topics: [{ name: 'orders', partitions: 1, config: { 'max.message.bytes': '20' } }],
    });
    const client = await setup.connect({ latencyMs: () => 10 });
    const refused = setup.produce(client, {}, { acks: 0 });
    const behind = setup.produce(client, {}, { acks: 1, timeoutMs: 5000 });
    expect(await setup.until(refused)).toMatchObject({ errorCode: 0 });
    await expect(setup.until(behind)).rejects.toBeInstanceOf(NetworkFailure);
    expect(client.ready(1)).toBe(false);
  });

  it('connects again after its backoff, which doubles up to its limit', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect({ reconnectBackoffMs: 100, reconnectBackoffMaxMs: 300 });
    setup.cluster.stopBroker(1);
    const attempts: number[] = [];
    const { clock } = setup;
    let before = clock.now();
    client.onReadyChange(() => {
      attempts.push(clock.now() - before);
      before = clock.now();
      client.ready(1);
    });
    await setup.advance(1100);
    expect(attempts.filter((ms) => ms > 0)).toEqual([100, 200, 300, 300]);
    setup.cluster.startBroker(1);
    await setup.untilReady(client, 1);
  });

  it('says why it cannot sign in, and does so again only after the backoff', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect({ latencyMs: () => 10 });
    const inFlight = setup.produce(client);
    setup.cluster.setCredentials('revoked');
    await expect(inFlight).rejects.toBeInstanceOf(NetworkFailure);
    expect(client.authenticationError(1)).toBeNull();
    await setup.advance(60);
    expect(client.ready(1)).toBe(false);
    await setup.advance(1);
    expect(client.authenticationError(1)).toBeInstanceOf(SaslAuthenticationError);
    await expect(setup.until(client.fetchMetadata([]))).rejects.toBeInstanceOf(SaslAuthenticationError);
    await expect(setup.produce(client)).rejects.toBeInstanceOf(SaslAuthenticationError);

    setup.cluster.setCredentials('valid');
    await setup.untilReady(client, 1);
    expect(client.authenticationError(1)).toBeNull();
  });

  it('tells a refused certificate from refused credentials', async () => {
    const setup = new SimulatedSetup();
    setup.cluster.setCredentials('certificate-refused');
    const client = setup.cluster.connect();
    await expect(setup.until(client.fetchMetadata([]))).rejects.toBeInstanceOf(SslAuthenticationError);
  });

  it('asks another broker when the first cannot be reached', async () => {
    const setup = new SimulatedSetup({ brokers: 2 });
    setup.cluster.stopBroker(1);
    const client = setup.cluster.connect();
    const { brokers } = await setup.until(client.fetchMetadata([]));
    expect(brokers.map(({ id }) => id)).toEqual([2]);
    setup.cluster.stopBroker(2);
    await expect(setup.until(client.fetchMetadata([]))).rejects.toBeInstanceOf(NetworkFailure);
  });

  it('waits as long as a broker asks it to, and the broker reads nothing meanwhile', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect();
    setup.cluster.setThrottleMs(100);
    const [first, second] = [
      setup.produce(client, { values: ['1'] }),
      setup.produce(client, { values: ['2'] }),
    ];
    await setup.until(first);
    setup.cluster.setThrottleMs(0);
    expect(client.ready(1)).toBe(false);
    await setup.advance(98);
    expect([client.ready(1), setup.values()]).toEqual([false, ['1']]);
    await setup.until(second);
    await setup.advance(2);
    expect([client.ready(1), setup.values()]).toEqual([true, ['1', '2']]);
  });

  it('takes nothing once it is closed, and leaves no timer behind when what was written has arrived', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect({ latencyMs: () => 10 });
    const response = setup.produce(client);
    await client.close();
    await expect(response).rejects.toBeInstanceOf(NetworkFailure);
    await expect(setup.produce(client)).rejects.toBeInstanceOf(NetworkFailure);
    await expect(client.fetchMetadata([])).rejects.toBeInstanceOf(NetworkFailure);
    await expect(client.initProducerId()).rejects.toBeInstanceOf(NetworkFailure);
    await setup.advance(10);
    expect([setup.values(), setup.clock.pending, client.ready(1)]).toEqual([['value'], 0, false]);
  });
});
