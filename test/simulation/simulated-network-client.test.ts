import { NetworkFailure } from '../../src/network/network-client';
import { SimulatedNetworkClient } from '../../src/simulation/simulated-network-client';
import type { SimulatedNetworkOptions } from '../../src/simulation/simulated-network-client';
import { SimulatedPartitionLog } from '../../src/simulation/simulated-partition-log';
import { codecFor } from '../../src/protocol/compression';
import { RecordBatchBuilder } from '../../src/protocol/record-batch-builder';
import { ManualClock } from '../../src/support/clock';

const MAX_SEQUENCE = 2147483647;

function batchOf(baseSequence: number, recordCount: number, producerEpoch = 0, producerId = 7n): Buffer {
  const builder = new RecordBatchBuilder({ writeLimit: 1024, codec: codecFor('none') });
  for (let index = 0; index < recordCount; index++)
    builder.append(1, null, Buffer.from(`${baseSequence + index}`));
  return builder.close({ producerId, producerEpoch, baseSequence });
}

function cluster(options: Partial<SimulatedNetworkOptions> = {}) {
  const clock = new ManualClock();
  const client = new SimulatedNetworkClient({ clock, topics: { orders: 2 }, nodes: 2, ...options });
  const produce = (baseSequence: number, { node = 1, partition = 0, timeoutMs = 1000 } = {}) => {
    const batches = [{ topic: 'orders', partition, bytes: batchOf(baseSequence, 1) }];
    const answer = client.produce(node, { acks: -1, timeoutMs, batches }, timeoutMs);
    return answer.then(
      ({ partitions }) => ({ errorCode: partitions[0]!.errorCode, baseOffset: partitions[0]!.baseOffset }),
      (error: unknown) => error,
    );
  };
  const values = (partition = 0) =>
    client.log('orders', partition).records.map(({ value }) => value?.toString());
  return { clock, client, produce, values };
}

describe('SimulatedPartitionLog answers as the broker was seen to', () => {
  type Step = [baseSequence: number, recordCount: number, epoch: number, expected: bigint | number];
  const cases: Record<string, Step[]> = {
    'a duplicate gets the offset of the original': [
      [0, 2, 0, 0n],
      [2, 3, 0, 2n],
      [2, 3, 0, 2n],
    ],
    'the sixth batch back is forgotten': [0, 1, 2, 3, 4, 5]
      .map((sequence): Step => [sequence, 1, 0, BigInt(sequence)])
      .concat([
        [0, 1, 0, 45],
        [1, 1, 0, 1n],
      ]),
    'a gap is out of order, and changes nothing': [
      [0, 1, 0, 0n],
      [5, 1, 0, 45],
      [1, 1, 0, 1n],
    ],
    'an unknown producer id may begin anywhere': [
      [7, 1, 3, 0n],
      [8, 1, 3, 1n],
      [3, 1, 3, 45],
    ],
    'a duplicate has to match first and last sequence': [
      [0, 4, 0, 0n],
      [2, 4, 0, 45],
      [0, 2, 0, 45],
      [2, 2, 0, 45],
    ],
    'a new epoch begins at 0 and ends the old one': [
      [0, 1, 0, 0n],
      [0, 1, 1, 1n],
      [2, 1, 1, 45],
      [0, 1, 0, 47],
      [1, 1, 2, 45],
    ],
    'sequences go on at 0 behind the largest int': [
      [MAX_SEQUENCE - 1, 1, 0, 0n],
      [MAX_SEQUENCE, 1, 0, 1n],
      [0, 1, 0, 2n],
    ],
    'also within a batch': [
      [MAX_SEQUENCE - 1, 4, 0, 0n],
      [2, 1, 0, 4n],
    ],
  };

  it.each(Object.entries(cases))('%s', (_title, steps) => {
    const log = new SimulatedPartitionLog(1 << 20);
    const answers = steps.map(([sequence, count, epoch]) => log.append(batchOf(sequence, count, epoch)));
    expect(answers.map(({ errorCode, baseOffset }) => (errorCode === 0 ? baseOffset : errorCode))).toEqual(
      steps.map(([, , , expected]) => expected),
    );
  });

  it('takes every batch without a producer id, and refuses what is broken or too large', () => {
    const log = new SimulatedPartitionLog(100);
    const plain = batchOf(-1, 1, -1, -1n);
    expect([log.append(plain), log.append(plain)]).toEqual([
      { errorCode: 0, baseOffset: 0n },
      { errorCode: 0, baseOffset: 1n },
    ]);
    expect(log.append(Buffer.from(plain).fill(0, 65)).errorCode).toBe(2);
    expect(log.append(batchOf(0, 10)).errorCode).toBe(10);
    expect(log.records.map(({ offset }) => offset)).toEqual([0n, 1n]);
  });
});

describe('SimulatedNetworkClient', () => {
  it('answers after the latency of the node, in the order of its requests', async () => {
    const latencies = [50, 10];
    const { clock, client, produce, values } = cluster({ latencyMs: () => latencies.shift()! });
    const both = [produce(0), produce(1)];
    clock.advance(49);
    expect([client.inFlight, values()]).toEqual([2, []]);
    clock.advance(1);
    expect(client.inFlight).toBe(0);
    expect(await Promise.all(both)).toEqual([
      { errorCode: 0, baseOffset: 0n },
      { errorCode: 0, baseOffset: 1n },
    ]);
    expect(values()).toEqual(['0', '1']);
  });

  it('loses an answer, or a request, and with it what else is on the connection', async () => {
    const faults = { 1: 'answer-lost', 3: 'request-lost' } as const;
    const { clock, produce, values } = cluster({
      latencyMs: () => 10,
      fault: ({ number }) => (number in faults ? { kind: faults[number as 1 | 3] } : null),
    });
    const first = [produce(0), produce(1)];
    clock.advance(10);
    for (const outcome of await Promise.all(first)) expect(outcome).toBeInstanceOf(NetworkFailure);
    expect(values()).toEqual(['0']);

    const second = [produce(1), produce(2)];
    clock.advance(10);
    for (const outcome of await Promise.all(second)) expect(outcome).toBeInstanceOf(NetworkFailure);
    expect(values()).toEqual(['0']);
  });

  it('refuses with the scripted error', async () => {
    const { clock, produce, values } = cluster({ fault: () => ({ kind: 'error', errorCode: 19 }) });
    const answer = produce(0);
    clock.advance(0);
    expect(await answer).toEqual({ errorCode: 19, baseOffset: -1n });
    expect(values()).toEqual([]);
  });

  it('times a request out, though its broker still writes it', async () => {
    const { clock, produce, values } = cluster({ latencyMs: () => 500 });
    const answer = produce(0, { timeoutMs: 100 });
    clock.advance(100);
    expect(await answer).toBeInstanceOf(NetworkFailure);
    clock.advance(400);
    expect(values()).toEqual(['0']);
  });

  it('moves a leader: the old one refuses, metadata name the new one with a higher epoch', async () => {
    const { clock, client, produce, values } = cluster();
    client.moveLeader('orders', 0, 2);
    const [old, moved] = [produce(0), produce(0, { node: 2 })];
    clock.advance(0);
    expect(await old).toMatchObject({ errorCode: 6 });
    expect(await moved).toMatchObject({ errorCode: 0 });
    expect(values()).toEqual(['0']);
    const { topics } = await client.fetchMetadata(['orders', 'unknown']);
    expect(topics[0]?.partitions[0]).toMatchObject({ leader: 2, leaderEpoch: 1 });
    expect(topics[1]).toEqual({ topic: 'unknown', errorCode: 3, partitions: [] });
  });

  it('stops and starts a node, and says when it is ready again', async () => {
    const { client, produce, values, clock } = cluster({ latencyMs: () => 10 });
    const answer = produce(0);
    client.stopNode(1);
    expect(await answer).toBeInstanceOf(NetworkFailure);
    clock.advance(10);
    expect(values()).toEqual([]);
    expect(
      (await client.fetchMetadata(['orders'])).topics[0]?.partitions.map(({ leader }) => leader),
    ).toEqual([-1, 2]);
    expect(await produce(0)).toBeInstanceOf(NetworkFailure);

    const heard = jest.fn();
    client.onReadyChange(heard);
    expect(client.ready(1)).toBe(false);
    client.startNode(1);
    expect([client.ready(1), heard.mock.calls.length]).toEqual([true, 1]);
  });

  it('leaves no timer behind and takes nothing once it is closed', async () => {
    const { client, produce, clock } = cluster({ latencyMs: () => 10 });
    const answer = produce(0);
    await client.close();
    expect(await answer).toBeInstanceOf(NetworkFailure);
    expect(await produce(0)).toBeInstanceOf(NetworkFailure);
    await expect(client.fetchMetadata([])).rejects.toBeInstanceOf(NetworkFailure);
    await expect(client.initProducerId()).rejects.toBeInstanceOf(NetworkFailure);
    expect(clock.pending).toBe(0);
  });
});
