import { NetworkFailure } from '../../../src/network/network-client';
import { batchBytes, SimulatedSetup } from './support/fixture';
import type { SimulatedClusterOptions } from '../../../src/simulation/simulated-cluster';

const TWO_IN_SYNC = [{ name: 'orders', partitions: 1, config: { 'min.insync.replicas': '2' } }];

function threeBrokers(options: Partial<SimulatedClusterOptions> = {}) {
  return new SimulatedSetup({ brokers: 3, topics: TWO_IN_SYNC, ...options });
}

describe('replicas of a simulated partition', () => {
  it('acks=1 responds at once, acks=all when all in sync have it', async () => {
    const setup = threeBrokers({ replicationMs: (node) => node * 10 });
    const client = await setup.connect();
    const { clock } = setup;
    const startMs = clock.now();
    const times: Record<string, number> = {};
    const one = setup
      .produce(client, { values: ['1'] }, { acks: 1 })
      .then(() => (times['1'] = clock.now() - startMs));
    await setup.until(one);
    expect(times['1']).toBeLessThanOrEqual(2);
    const sentMs = clock.now();
    await setup.until(setup.produce(client, { values: ['all'] }));
    expect(clock.now() - sentMs).toBeGreaterThanOrEqual(20);
    for (const node of [1, 2, 3]) {
      expect(
        setup.cluster.replicaLog('orders', 0, node).records.map(({ value }) => value?.toString()),
      ).toEqual(['1', 'all']);
    }
  });

  it('handles the next request of a connection only after it has responded to the one before', async () => {
    const setup = threeBrokers({ replicationMs: () => 50 });
    const client = await setup.connect();
    const all = [
      setup.produce(client, { values: ['1'] }),
      setup.produce(client, { values: ['2'] }, { acks: 1 }),
    ];
    await setup.advance(40);
    expect(setup.values()).toEqual(['1']);
    await setup.until(Promise.all(all));
    expect(setup.values()).toEqual(['1', '2']);
  });

  it('a leader that stops loses, with acks=1, what its followers did not have', async () => {
    const setup = threeBrokers({ replicationMs: () => 50 });
    const client = await setup.connect();
    await setup.until(setup.produce(client, { values: ['kept'] }));
    expect(await setup.until(setup.produce(client, { values: ['lost'] }, { acks: 1 }))).toMatchObject({
      errorCode: 0,
    });
    setup.cluster.stopBroker(1);
    expect([setup.cluster.leader('orders', 0), setup.values()]).toEqual([2, ['kept']]);
    expect(setup.cluster.lostBatches).toMatchObject([
      { node: 1, reason: 'leader-changed', batch: { baseOffset: 1n } },
    ]);
    setup.cluster.startBroker(1);
    await setup.advance(100);
    expect(setup.cluster.replicaLog('orders', 0, 1).records).toHaveLength(1);
    expect(setup.cluster.inSyncReplicas('orders', 0)).toEqual([2, 3, 1]);
    expect(setup.cluster.lostBatches).toHaveLength(1);
  });

  it('acks=all is not acknowledged by a leader that stops: nobody knows what became of it', async () => {
    const setup = threeBrokers({ replicationMs: () => 50 });
    const client = await setup.connect();
    const response = setup.produce(client);
    await setup.advance(10);
    setup.cluster.stopBroker(1);
    await expect(response).rejects.toBeInstanceOf(NetworkFailure);
    expect(setup.values()).toEqual([]);
  });

  it('a producer’s sequences go over to the next leader with the log', async () => {
    const setup = threeBrokers();
    const client = await setup.connect();
    for (const sequence of [0, 1]) await setup.until(setup.produce(client, { sequence }));
    expect(setup.cluster.moveLeader('orders', 0, 3)).toBe(true);
    const [old, duplicate, gap, next] = await setup.until(
      Promise.all([
        setup.produce(client, { sequence: 2 }),
        setup.produce(client, { sequence: 1 }, { node: 3 }),
        setup.produce(client, { sequence: 5 }, { node: 3 }),
        setup.produce(client, { sequence: 2 }, { node: 3 }),
      ]),
    );
    expect(old).toMatchObject({ errorCode: 6, currentLeader: { leader: 3, leaderEpoch: 1 } });
    expect([duplicate.baseOffset, gap.errorCode, next.baseOffset]).toEqual([1n, 45, 2n]);
  });

  it('too few in sync: acks=all is refused, and written by acks=1', async () => {
    const setup = threeBrokers();
    const client = await setup.connect();
    setup.cluster.stopBroker(2);
    setup.cluster.stopBroker(3);
    expect(await setup.until(setup.produce(client))).toMatchObject({ errorCode: 19, baseOffset: -1n });
    expect(await setup.until(setup.produce(client, {}, { acks: 1 }))).toMatchObject({ errorCode: 0 });
  });

  it('too few in sync while acks=all waits: nothing is committed, and the broker gives up after timeoutMs', async () => {
    const setup = threeBrokers({ replicationMs: () => 50 });
    const client = await setup.connect();
    const batches = [{ topic: 'orders', partition: 0, bytes: batchBytes() }];
    const response = client.produce(1, { acks: -1, timeoutMs: 400, batches }, 5000);
    await setup.advance(10);
    setup.cluster.stopBroker(2);
    setup.cluster.stopBroker(3);
    // The offset is in the response: it was written, and may stay.
    expect((await setup.until(response)).partitions).toMatchObject([{ errorCode: 7, baseOffset: 0n }]);
    expect(setup.values()).toEqual(['value']);
  });

  it('a follower that hangs holds acks=all up for replica.lag.time.max.ms, and is in sync no more', async () => {
    const setup = threeBrokers({ replicaLagTimeMaxMs: 200 });
    const client = await setup.connect();
    setup.cluster.setReplication(3, 'paused');
    const sentMs = setup.clock.now();
    await setup.until(setup.produce(client));
    expect(setup.clock.now() - sentMs).toBeGreaterThanOrEqual(200);
    expect(setup.cluster.inSyncReplicas('orders', 0)).toEqual([1, 2]);
    setup.cluster.setReplication(3, 'running');
    expect(setup.cluster.inSyncReplicas('orders', 0)).toEqual([1, 2, 3]);
  });

  it('a broker that was killed is noticed late; until then nobody leads', async () => {
    const setup = threeBrokers({ failoverMs: 100 });
    const client = await setup.connect();
    setup.cluster.stopBroker(1, { kill: true });
    const { topics } = await setup.until(client.fetchMetadata(['orders']));
    expect(topics[0]!.partitions[0]!.leader).toBe(1);
    await setup.advance(100);
    expect(setup.cluster.leader('orders', 0)).toBe(2);
    expect((await setup.until(client.fetchMetadata([]))).brokers.map(({ id }) => id)).toEqual([2, 3]);
  });

  it('an unclean election is for those that asked for it', async () => {
    for (const unclean of [true, false]) {
      const config = { 'unclean.leader.election.enable': String(unclean) };
      const setup = new SimulatedSetup({ brokers: 2, topics: [{ name: 'orders', partitions: 1, config }] });
      const client = await setup.connect();
      setup.cluster.stopBroker(2);
      await setup.until(setup.produce(client));
      setup.cluster.stopBroker(1);
      setup.cluster.startBroker(2);
      expect(setup.cluster.leader('orders', 0)).toBe(unclean ? 2 : -1);
      expect(setup.cluster.lostBatches).toHaveLength(unclean ? 1 : 0);
    }
  });

  it('moves a leader to a broker that has no replica, with all that there is', async () => {
    const setup = new SimulatedSetup({
      brokers: 2,
      topics: [{ name: 'orders', partitions: 1, replicationFactor: 1 }],
    });
    const client = await setup.connect();
    await setup.until(setup.produce(client));
    expect(setup.cluster.moveLeader('orders', 0, 2)).toBe(true);
    expect(await setup.until(setup.produce(client))).toMatchObject({ errorCode: 6 });
    expect(await setup.until(setup.produce(client, {}, { node: 2 }))).toMatchObject({
      errorCode: 0,
      baseOffset: 1n,
    });
    expect(setup.cluster.lostBatches).toEqual([]);
  });

  it('moves no leader to a broker that is stopped or out of sync', () => {
    const setup = threeBrokers();
    setup.cluster.stopBroker(2);
    expect([setup.cluster.moveLeader('orders', 0, 2), setup.cluster.moveLeader('orders', 0, 1)]).toEqual([
      false,
      false,
    ]);
    setup.cluster.setReplication(2, 'paused');
    setup.cluster.startBroker(2);
    // Nothing was written meanwhile, but it has not asked the leader yet.
    expect(setup.cluster.moveLeader('orders', 0, 2)).toBe(false);
    expect(setup.cluster.moveLeader('orders', 0, 2, { unclean: true })).toBe(true);
  });

  it('tells the trace who leads and which brokers run', () => {
    const setup = threeBrokers();
    setup.cluster.stopBroker(1);
    setup.cluster.startBroker(1);
    expect(setup.events.map((event) => (event.stage === 'broker-state' ? event.state : event.stage))).toEqual(
      ['stopped', 'leader-changed', 'started'],
    );
  });
});

describe('brokers that hear of a change late', () => {
  it('describe the cluster as it was; the old leader goes on until it hears, and what it wrote is lost', async () => {
    const setup = threeBrokers({ metadataDelayMs: (node) => (node === 1 ? 100 : 0) });
    const client = await setup.connect();
    setup.cluster.moveLeader('orders', 0, 2);
    const stale = await setup.until(client.fetchMetadata(['orders']));
    expect(stale.topics[0]!.partitions[0]).toMatchObject({ leader: 1, leaderEpoch: 0 });
    expect(await setup.until(setup.produce(client, { values: ['lost'] }, { acks: 1 }))).toMatchObject({
      errorCode: 0,
    });
    expect(
      await setup.until(setup.produce(client, { values: ['kept'] }, { acks: 1, node: 2 })),
    ).toMatchObject({
      errorCode: 0,
      baseOffset: 0n,
    });
    const unacknowledged = setup.produce(client, { values: ['late'] });
    expect(await setup.until(unacknowledged)).toMatchObject({ errorCode: 6 });
    expect(setup.values()).toEqual(['kept']);
    expect(setup.cluster.lostBatches.map(({ node, batch }) => [node, batch.recordCount])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('do not know a new topic, or its partitions, at first', async () => {
    const setup = new SimulatedSetup({ metadataDelayMs: () => 50, topics: [] });
    await setup.advance(60);
    const client = await setup.connect();
    setup.cluster.createTopic({ name: 'new', partitions: 1 });
    expect((await setup.until(client.fetchMetadata(['new']))).topics[0]!.errorCode).toBe(3);
    expect(await setup.until(setup.produce(client, {}, { topic: 'new' }))).toMatchObject({ errorCode: 3 });
    await setup.advance(50);
    expect(await setup.until(setup.produce(client, {}, { topic: 'new' }))).toMatchObject({ errorCode: 0 });
  });
});

describe('topics of a simulated cluster', () => {
  it('deleted and created again: another id, leader epoch 0, an empty log that knows nobody', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect();
    await setup.until(setup.produce(client, { sequence: 0 }));
    const idOf = async () => (await setup.until(client.fetchMetadata(['orders']))).topics[0]!;
    const before = await idOf();
    setup.cluster.deleteTopic('orders');
    expect(await idOf()).toMatchObject({ errorCode: 3, topicId: null });
    expect(await setup.until(setup.produce(client, { sequence: 1 }))).toMatchObject({ errorCode: 3 });
    setup.cluster.createTopic({ name: 'orders', partitions: 1 });
    const after = await idOf();
    expect(after.topicId).not.toBe(before.topicId);
    expect(after.partitions).toMatchObject([{ leaderEpoch: 0 }]);
    expect(await setup.until(setup.produce(client, { sequence: 5 }))).toMatchObject({
      errorCode: 0,
      baseOffset: 0n,
    });
    expect(setup.cluster.lostBatches).toMatchObject([{ reason: 'topic-deleted', topicId: before.topicId }]);
  });

  it('can grow, be configured anew, and not be made twice', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect();
    setup.cluster.addPartitions('orders', 3);
    expect((await setup.until(client.fetchMetadata(['orders']))).topics[0]!.partitions).toHaveLength(3);
    expect(() => setup.cluster.addPartitions('orders', 3)).toThrow(/has 3 partitions already/);
    setup.cluster.setTopicConfig('orders', { 'max.message.bytes': '20' });
    expect(await setup.until(setup.produce(client))).toMatchObject({ errorCode: 10 });
    expect(() => setup.cluster.createTopic({ name: 'orders', partitions: 1 })).toThrow(
      /is a simulated topic orders/,
    );
    expect(() => setup.cluster.log('orders', 7)).toThrow(/no simulated partition orders-7/);
  });
});

describe('what a client may do', () => {
  it('a topic that may not be written is refused, and described or not as it is told', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect();
    setup.cluster.revokeWrite('orders');
    expect(await setup.until(setup.produce(client))).toMatchObject({ errorCode: 29 });
    const described = async () => (await setup.until(client.fetchMetadata(['orders']))).topics[0]!.errorCode;
    expect(await described()).toBe(0);
    setup.cluster.revokeWrite('orders', { describe: 'revoked' });
    expect(await described()).toBe(29);
    setup.cluster.grantWrite('orders');
    expect([await described(), (await setup.until(setup.produce(client))).errorCode]).toEqual([0, 0]);
  });

  it('a producer id is refused only when no topic may be written either', async () => {
    const setup = new SimulatedSetup();
    const client = await setup.connect();
    setup.cluster.setIdempotentWrite('revoked');
    expect(await setup.until(client.initProducerId())).toMatchObject({ errorCode: 0, producerEpoch: 0 });
    setup.cluster.revokeWrite('orders');
    expect(await setup.until(client.initProducerId())).toMatchObject({ errorCode: 31, producerId: -1n });
    setup.cluster.setIdempotentWrite('allowed');
    expect(await setup.until(client.initProducerId())).toMatchObject({ errorCode: 0 });
  });
});
