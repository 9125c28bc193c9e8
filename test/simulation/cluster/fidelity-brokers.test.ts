import { setTimeout as delay } from 'node:timers/promises';
import { createTopic, startKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { NetworkFailure } from '../../../src/network/network-client';
import type { NetworkClient } from '../../../src/network/network-client';
import type { Acks, PartitionMetadata } from '../../../src/protocol/messages';
import { batchBytes } from './support/fixture';
import type { BatchSpec } from './support/fixture';
import { produceOne, TwinClients, untilReady } from './support/twin-clients';

let kafka: CourseKafka;
let twin: TwinClients;

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
  twin = await TwinClients.connect(kafka, {});
}, 180_000);

afterAll(async () => {
  await twin.close();
  await kafka.stop();
});

/** Broker ids differ between the two: a test speaks of the leader, and of others by their place among the replicas. */
interface Roles {
  readonly leader: number;
  readonly followers: readonly number[];
}

async function topicOnBoth(config: Record<string, string>, replicationFactor = 3): Promise<string> {
  const topic = await createTopic(kafka, {
    name: 'fidelity',
    partitions: 1,
    replicationFactor,
    configs: config,
  });
  twin.cluster.createTopic({ name: topic, partitions: 1, replicationFactor, config });
  return topic;
}

/** Whichever broker it is that can say so. */
async function partitionOf(client: NetworkClient, topic: string): Promise<PartitionMetadata> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await client.fetchMetadata([topic])).topics[0]!.partitions[0]!;
    } catch (error) {
      if (attempt === 200 || !(error instanceof NetworkFailure)) throw error;
      await delay(20);
    }
  }
}

/** Once the cluster has settled after what was done to it. */
async function rolesOf(client: NetworkClient, topic: string, inSync: number): Promise<Roles> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(20)) {
    const { leader, inSyncReplicas } = await partitionOf(client, topic);
    if (leader < 0 || inSyncReplicas.length !== inSync) continue;
    await untilReady(client, leader);
    return { leader, followers: inSyncReplicas.filter((node) => node !== leader) };
  }
  throw new Error(`${topic} does not settle.`);
}

function stopBroker(client: NetworkClient, id: number, { hard = false } = {}): Promise<void> {
  if (client === twin.real) return kafka.stopBroker(id, { hard });
  twin.cluster.stopBroker(id, { kill: hard });
  return Promise.resolve();
}

function startBroker(client: NetworkClient, id: number): Promise<void> {
  if (client === twin.real) return kafka.startBroker(id);
  twin.cluster.startBroker(id);
  return Promise.resolve();
}

async function send(
  client: NetworkClient,
  node: number,
  topic: string,
  { acks = -1, ...batch }: BatchSpec & { acks?: Acks } = {},
) {
  const bytes = batchBytes({ timestamp: Date.now(), ...batch });
  const response = await produceOne(client, node, { topic, bytes, acks });
  if (response === 'no response') throw new Error('There was no response.');
  const { errorCode, baseOffset, currentLeader } = response;
  return { errorCode, baseOffset, leaderEpoch: currentLeader?.leaderEpoch ?? null };
}

it('a broker that does not lead names who does, and how to reach it (KIP-951)', async () => {
  const topic = await topicOnBoth({});
  const response = await twin.same(async (client) => {
    const { leader, followers } = await rolesOf(client, topic, 3);
    await untilReady(client, followers[0]!);
    const request = {
      acks: -1 as const,
      timeoutMs: 5000,
      batches: [{ topic, partition: 0, bytes: batchBytes() }],
    };
    const { partitions, nodeEndpoints } = await client.produce(followers[0]!, request, 5000);
    const { errorCode, baseOffset, currentLeader } = partitions[0]!;
    const named =
      currentLeader?.leader === leader && nodeEndpoints?.map(({ id }) => id).join() === String(leader);
    return { errorCode, baseOffset, leaderEpoch: currentLeader?.leaderEpoch, named };
  });
  expect(response).toEqual({ errorCode: 6, baseOffset: -1n, leaderEpoch: 0, named: true });
});

it('the next leader knows what the last one knew: duplicates, sequences, epochs, offsets', async () => {
  const topic = await topicOnBoth({ 'min.insync.replicas': '2' });
  const responses = await twin.same(async (client) => {
    const { leader } = await rolesOf(client, topic, 3);
    const before = [];
    for (const sequence of [0, 1, 2, 3, 4, 5]) before.push(await send(client, leader, topic, { sequence }));
    await stopBroker(client, leader);
    const next = await rolesOf(client, topic, 2);
    const { leaderEpoch } = await partitionOf(client, topic);
    const after = [];
    for (const batch of [
      { sequence: 5 },
      { sequence: 0 },
      { sequence: 7 },
      { sequence: 6 },
      { sequence: 0, epoch: 1 },
    ]) {
      after.push(await send(client, next.leader, topic, batch));
    }
    after.push(await send(client, next.leader, topic, { sequence: 7 }));
    await startBroker(client, leader);
    await rolesOf(client, topic, 3);
    return { before, leaderEpoch, after };
  });
  const codes = responses.after.map((one) => [one.errorCode, one.baseOffset]);
  expect(responses.leaderEpoch).toBe(1);
  expect(codes).toEqual([
    [0, 5n],
    [45, -1n],
    [45, -1n],
    [0, 6n],
    [0, 7n],
    [47, -1n],
  ]);
});

it('with too few replicas in sync, acks=all is refused and acks=1 is not', async () => {
  const topic = await topicOnBoth({ 'min.insync.replicas': '2' });
  const responses = await twin.same(async (client) => {
    const { leader, followers } = await rolesOf(client, topic, 3);
    const all = [await send(client, leader, topic)];
    await stopBroker(client, followers[0]!);
    await rolesOf(client, topic, 2);
    all.push(await send(client, leader, topic));
    await stopBroker(client, followers[1]!);
    await rolesOf(client, topic, 1);
    all.push(await send(client, leader, topic), await send(client, leader, topic, { acks: 1 }));
    for (const follower of followers) await startBroker(client, follower);
    await rolesOf(client, topic, 3);
    all.push(await send(client, leader, topic));
    const { leaderEpoch } = await partitionOf(client, topic);
    return { codes: all.map(({ errorCode }) => errorCode), leaderEpoch };
  });
  // Followers that come and go are no reason for an election.
  expect(responses).toEqual({ codes: [0, 0, 19, 0, 0], leaderEpoch: 0 });
});

it('a partition whose only replica is stopped has no leader, in a higher epoch, and goes on where it was', async () => {
  const topic = await topicOnBoth({}, 1);
  const seen = await twin.same(async (client) => {
    const { leader } = await rolesOf(client, topic, 1);
    const first = await send(client, leader, topic, { sequence: 0 });
    await stopBroker(client, leader);
    const { leaderEpoch, replicas, inSyncReplicas } = await untilNoLeader(client, topic);
    await startBroker(client, leader);
    const back = await rolesOf(client, topic, 1);
    const again = await send(client, back.leader, topic, { sequence: 0 });
    const next = await send(client, back.leader, topic, { sequence: 1 });
    const epochBack = (await partitionOf(client, topic)).leaderEpoch;
    const stopped = { leaderEpoch, replicas: replicas.length, inSync: inSyncReplicas.length };
    return { first, stopped, sameLeader: back.leader === leader, epochBack, again, next };
  });
  expect(seen).toMatchObject({
    // Nobody is in sync: since KIP-966 the last one is merely eligible.
    stopped: { leaderEpoch: 1, replicas: 1, inSync: 0 },
    sameLeader: true,
    epochBack: 2,
    again: { errorCode: 0, baseOffset: 0n },
    next: { errorCode: 0, baseOffset: 1n },
  });
});

it('of two replicas that are gone, the first that comes back leads, even if the other alone had the last record', async () => {
  const topic = await topicOnBoth({ 'min.insync.replicas': '2' }, 2);
  const seen = await twin.same(async (client) => {
    const { leader, followers } = await rolesOf(client, topic, 2);
    const all = [await send(client, leader, topic, { sequence: 0 })];
    await stopBroker(client, followers[0]!);
    await rolesOf(client, topic, 1);
    // With too few in sync nothing is committed any more (KIP-966). An acks=1 is acknowledged all the same.
    all.push(await send(client, leader, topic, { sequence: 1, acks: 1 }));
    await stopBroker(client, leader);
    await untilNoLeader(client, topic);
    await startBroker(client, followers[0]!);
    const next = await rolesOf(client, topic, 1);
    await startBroker(client, leader);
    await rolesOf(client, topic, 2);
    all.push(await send(client, next.leader, topic, { sequence: 1, values: ['another'] }));
    return { all, otherLeads: next.leader === followers[0] };
  });
  expect(seen.all.map(({ baseOffset }) => baseOffset)).toEqual([0n, 1n, 1n]);
  expect(seen.otherLeads).toBe(true);
  expect(twin.cluster.lostBatches).toMatchObject([
    { topic, reason: 'leader-changed', batch: { baseSequence: 1 } },
  ]);
});

it('a broker that was killed is not trusted: it may not lead before it has fetched from one that is', async () => {
  const topic = await topicOnBoth({ 'min.insync.replicas': '2' }, 2);
  const seen = await twin.same(async (client) => {
    const { leader, followers } = await rolesOf(client, topic, 2);
    const all = [await send(client, leader, topic, { sequence: 0 })];
    await stopBroker(client, followers[0]!);
    await rolesOf(client, topic, 1);
    all.push(await send(client, leader, topic, { sequence: 1, acks: 1 }));
    await stopBroker(client, leader, { hard: true });
    await untilNoLeader(client, topic);
    await startBroker(client, leader);
    // It has all there is, and is back: whoever shut down cleanly would lead now.
    await untilRunning(client, leader);
    const { leader: nobody, inSyncReplicas } = await partitionOf(client, topic);
    await startBroker(client, followers[0]!);
    const next = await rolesOf(client, topic, 2);
    all.push(await send(client, next.leader, topic, { sequence: 1, values: ['another'] }));
    return { all, nobody, inSync: inSyncReplicas.length, otherLeads: next.leader === followers[0] };
  });
  expect(seen).toMatchObject({ nobody: -1, inSync: 0, otherLeads: true });
  expect(seen.all.map(({ baseOffset }) => baseOffset)).toEqual([0n, 1n, 1n]);
});

async function untilRunning(client: NetworkClient, node: number): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(20)) {
    const metadata = await client.fetchMetadata([]).catch(() => null);
    if (metadata?.brokers.some(({ id }) => id === node) === true) return;
  }
  throw new Error(`Broker ${node} does not come back.`);
}

async function untilNoLeader(client: NetworkClient, topic: string): Promise<PartitionMetadata> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(20)) {
    const partition = await partitionOf(client, topic);
    if (partition.leader < 0) return partition;
  }
  throw new Error(`${topic} still has a leader.`);
}
