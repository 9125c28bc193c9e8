import { NetworkFailure } from '../../../src/network/network-client';
import type { SimulatedFault, SimulatedRequest } from '../../../src/simulation/simulated-request';
import { batchBytes, SimulatedSetup } from './support/fixture';

/** The fault for the so manieth Produce request. */
function onProduce(faults: Readonly<Record<number, SimulatedFault>>) {
  return ({ kind, numberOfKind }: SimulatedRequest) =>
    kind === 'produce' ? (faults[numberOfKind] ?? null) : null;
}

async function twoInFlight(fault: SimulatedFault) {
  const setup = new SimulatedSetup({ fault: onProduce({ 2: fault }) });
  const client = await setup.connect({ latencyMs: () => 20 });
  const outcomes = Promise.allSettled(
    ['before', 'hit', 'behind'].map((value) =>
      setup.produce(client, { values: [value] }, { timeoutMs: 300 }),
    ),
  );
  const settled = (await setup.until(outcomes)).map((one) =>
    one.status === 'fulfilled' ? one.value.errorCode : (one.reason as Error),
  );
  await setup.advance(40);
  const told = setup.events.flatMap((event) => (event.stage === 'fault' ? [event.what] : []));
  return {
    settled: settled.map((one) => (one instanceof NetworkFailure ? 'failed' : one)),
    values: setup.values(),
    told,
  };
}

describe('a fault of one request', () => {
  it('request-lost: nothing of it is written, nor of what is behind it on the connection', async () => {
    expect(await twoInFlight({ kind: 'request-lost' })).toEqual({
      settled: ['failed', 'failed', 'failed'],
      values: ['before'],
      told: ['Produce request 2 was lost with its connection'],
    });
  });

  it('response-lost: it is written, and whoever sent it is not told', async () => {
    const { settled, values, told } = await twoInFlight({ kind: 'response-lost' });
    // The response to the first is on its way when the connection breaks, and so is the request behind.
    expect(settled).toEqual(['failed', 'failed', 'failed']);
    expect(values).toEqual(['before', 'hit']);
    expect(told).toEqual(['the response to Produce request 2 was lost with its connection']);
  });

  it('connection-closed: what is on its way is lost, too', async () => {
    const { settled, values } = await twoInFlight({ kind: 'connection-closed' });
    expect([settled.slice(0, 2), values]).toEqual([['failed', 'failed'], []]);
  });

  it.each([
    [true, ['before', 'hit']],
    [false, ['before']],
  ])(
    'no-response (processed: %s): the request times out, and takes those behind it along',
    async (processed, written) => {
      const { settled, values } = await twoInFlight({ kind: 'no-response', processed });
      expect([settled, values]).toEqual([[0, 'failed', 'failed'], written]);
    },
  );

  it('delay: everything behind it on the connection is late as well', async () => {
    const setup = new SimulatedSetup({ fault: onProduce({ 1: { kind: 'delay', responseMs: 100 } }) });
    const client = await setup.connect();
    const settled: string[] = [];
    for (const value of ['late', 'behind']) {
      void setup.produce(client, { values: [value] }).then(() => settled.push(value));
    }
    await setup.advance(50);
    expect([setup.values(), settled]).toEqual([['late', 'behind'], []]);
    await setup.advance(51);
    expect(settled).toEqual(['late', 'behind']);
  });

  it('error: refuses the batches of the partitions that it names, and of no others', async () => {
    const setup = new SimulatedSetup({
      fault: onProduce({ 1: { kind: 'error', errorCode: 89, partitions: [1] } }),
    });
    const client = await setup.connect();
    const batches = [0, 1].map((partition) => ({ topic: 'orders', partition, bytes: batchBytes() }));
    const { partitions } = await setup.until(client.produce(1, { acks: -1, timeoutMs: 100, batches }, 1000));
    expect(partitions.map(({ errorCode }) => errorCode)).toEqual([0, 89]);
    expect([setup.values('orders', 0), setup.values('orders', 1)]).toEqual([['value'], []]);
    expect(setup.events).toContainEqual(
      expect.objectContaining({ stage: 'log-refused', partition: 1, error: 'THROTTLING_QUOTA_EXCEEDED' }),
    );
  });

  it.each([
    [7, undefined, ['value']],
    [20, undefined, ['value']],
    [19, undefined, []],
    [6, true, ['value']],
    [7, false, []],
  ])('error %d (written: %s) leaves %j in the log', async (errorCode, written, expected) => {
    const fault: SimulatedFault = { kind: 'error', errorCode, ...(written === undefined ? {} : { written }) };
    const setup = new SimulatedSetup({ fault: onProduce({ 1: fault }) });
    const client = await setup.connect();
    expect(await setup.until(setup.produce(client))).toMatchObject({ errorCode });
    expect(setup.values()).toEqual(expected);
  });

  it('error: for Metadata of the topics, and for InitProducerId', async () => {
    const setup = new SimulatedSetup({
      fault: ({ kind }) =>
        kind === 'produce' ? null : { kind: 'error', errorCode: kind === 'metadata' ? 5 : 14 },
    });
    const client = setup.cluster.connect();
    const { topics } = await setup.until(client.fetchMetadata(['orders']));
    expect(topics).toMatchObject([{ topic: 'orders', errorCode: 5, partitions: [] }]);
    expect(await setup.until(client.initProducerId())).toMatchObject({ errorCode: 14, producerId: -1n });
  });

  it('malformed: a response that cannot be read ends the connection; one that can be read is handed on', async () => {
    const faults = { 1: 'unreadable', 2: 'incomplete', 3: 'foreign', 4: 'empty' } as const;
    const setup = new SimulatedSetup({
      fault: ({ kind, numberOfKind }) =>
        kind === 'produce' ? { kind: 'malformed', how: faults[numberOfKind as 1 | 2 | 3 | 4] } : null,
    });
    const client = await setup.connect();
    await expect(setup.until(setup.produce(client))).rejects.toBeInstanceOf(NetworkFailure);
    expect(setup.values()).toEqual(['value']);
    const seen: unknown[] = [];
    for (let request = 2; request <= 4; request++) {
      await setup.untilReady(client, 1);
      const batches = [{ topic: 'orders', partition: 0, bytes: batchBytes() }];
      const { partitions } = await setup.until(
        client.produce(1, { acks: -1, timeoutMs: 100, batches }, 1000),
      );
      seen.push(partitions.map(({ topic, baseOffset }) => [topic, baseOffset]));
    }
    expect(seen).toEqual([
      [],
      [
        ['orders', 2n],
        ['nobody-asked-for-this', 2n],
      ],
      [['orders', -1n]],
    ]);
  });

  it('says of each request what it is, before it is sent', async () => {
    const seen: SimulatedRequest[] = [];
    const fault = (request: SimulatedRequest): null => {
      seen.push(request);
      return null;
    };
    const setup = new SimulatedSetup({ brokers: 2, fault });
    const client = await setup.connect({ clientId: 'mine' });
    await setup.until(setup.produce(client, {}, { node: 2, partition: 1 }));
    await setup.until(client.initProducerId());
    expect(
      seen.map(({ number, kind, numberOfKind, node, clientId }) => [
        number,
        kind,
        numberOfKind,
        node,
        clientId,
      ]),
    ).toEqual([
      [1, 'metadata', 1, 1, 'mine'],
      [2, 'produce', 1, 2, 'mine'],
      [3, 'init-producer-id', 1, 1, 'mine'],
    ]);
    expect(seen[1]!.topics).toEqual(['orders']);
  });
});
