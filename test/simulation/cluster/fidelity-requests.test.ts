import { Kafka } from 'kafkajs';
import type { Admin } from 'kafkajs';
import { createTopic, deleteTopics, kafkaJsConfig, useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import type { NetworkClient } from '../../../src/network/network-client';
import { ERROR_CODE } from '../../../src/protocol/error-code';
import type { Acks } from '../../../src/protocol/messages';
import { batchBytes } from './support/fixture';
import type { BatchSpec } from './support/fixture';
import { setProducerQuota } from './support/producer-quota';
import { comparableTopics, produceOne, TwinClients, until, untilReady } from './support/twin-clients';

let kafka: CourseKafka;
let twin: TwinClients;
let admin: Admin;
let leader: number;
const topics: string[] = [];

const TOPIC_CONFIG = 2;
const SEGMENT_BYTES = 1_048_576;
/** A second's worth at once is more than the broker's window of some seconds allows, but not by much. */
const QUOTA_BYTES_PER_SECOND = 20_000;

beforeAll(async () => {
  kafka = await useKafka();
  twin = await TwinClients.connect(kafka, {});
  const { brokers } = await twin.real.fetchMetadata([]);
  leader = brokers[0]!.id;
  admin = new Kafka(kafkaJsConfig(kafka)).admin();
  await admin.connect();
}, 180_000);

afterAll(async () => {
  await twin.close();
  await admin.disconnect();
  await deleteTopics(kafka, topics);
  await kafka.stop();
});

/** The same topic on both. */
async function topicOnBoth(partitions: number, config: Record<string, string> = {}): Promise<string> {
  const topic = await createTopic(kafka, {
    name: 'fidelity',
    partitions,
    replicationFactor: 1,
    configs: config,
  });
  topics.push(topic);
  twin.cluster.createTopic({ name: topic, partitions, replicationFactor: 1, config });
  return topic;
}

/** One batch to both: what they agree on. */
function send(
  topic: string,
  batch: BatchSpec | Buffer,
  { partition = 0, acks = -1 }: { partition?: number; acks?: number } = {},
) {
  const bytes = Buffer.isBuffer(batch) ? batch : batchBytes({ timestamp: Date.now(), ...batch });
  return twin.same((client) =>
    produceOne(client, client === twin.real ? leader : 1, { topic, partition, bytes, acks: acks as Acks }),
  );
}

describe('the simulated broker and Kafka 4.4.0 respond alike', () => {
  it('to Metadata for topics that exist, do not exist, or have impossible names', async () => {
    const topic = await topicOnBoth(3);
    const names = [
      topic,
      'does-not-exist',
      'not legal',
      'a/b',
      '.',
      '..',
      '',
      'x'.repeat(249),
      'x'.repeat(250),
    ];
    const described = await twin.same(async (client) => comparableTopics(await client.fetchMetadata(names)));
    const codes = new Map(described.map((one) => [one.topic, one.errorCode]));
    expect(names.map((name) => codes.get(name))).toEqual([0, 3, 17, 17, 17, 17, 17, 3, 17]);
  });

  it('to InitProducerId: each time another id, with epoch 0', async () => {
    const ids = new Set<bigint>();
    for (let time = 0; time < 3; time++) {
      const { errorCode, producerEpoch } = await twin.same(async (client) => {
        const response = await client.initProducerId();
        if (client === twin.simulated) ids.add(response.producerId);
        return { errorCode: response.errorCode, producerEpoch: response.producerEpoch };
      });
      expect([errorCode, producerEpoch]).toEqual([0, 0]);
    }
    expect(ids.size).toBe(3);
  });

  it('to Produce for a topic or partition that does not exist', async () => {
    const topic = await topicOnBoth(1);
    expect(await send('does-not-exist', {})).toMatchObject({ errorCode: 3 });
    expect(await send(topic, {}, { partition: 7 })).toMatchObject({ errorCode: 3 });
    expect(await send('not legal', {})).toMatchObject({ errorCode: 3 });
  });

  it('to acks of 2, and to acks=0: the connection breaks where something is wrong', async () => {
    const topic = await topicOnBoth(1);
    expect(await send(topic, {}, { acks: 2 })).toMatchObject({ errorCode: 21 });
    expect(await send(topic, {}, { acks: 0 })).toMatchObject({ errorCode: 0, baseOffset: -1n });
    expect(await send(topic, {})).toMatchObject({ errorCode: 0, baseOffset: 1n });
    const [real, simulated] = await Promise.all(
      twin.both(async (client) => {
        const node = client === twin.real ? leader : 1;
        const one = await produceOne(client, node, { topic: 'does-not-exist', bytes: batchBytes(), acks: 0 });
        const behind = await produceOne(client, node, {
          topic,
          bytes: batchBytes({ timestamp: Date.now() }),
        });
        const isReady = client.ready(node);
        return { one, behind, isReady };
      }),
    );
    expect(simulated).toEqual(real);
    expect(simulated).toMatchObject({ one: { errorCode: 0 }, behind: 'no response', isReady: false });
    await Promise.all(twin.both(async (client) => untilReady(client, client === twin.real ? leader : 1)));
  });

  it.each([
    ['max.message.bytes', '300', 10],
    ['cleanup.policy', 'compact', 87],
    ['message.timestamp.after.max.ms', '1000', 32],
  ])('when %s of a topic changes to %s', async (name, value, errorCode) => {
    const topic = await topicOnBoth(1);
    const batch = { values: ['x'.repeat(500)], timestamp: Date.now() + 600_000 };
    expect(await send(topic, batch)).toMatchObject({ errorCode: 0 });
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: TOPIC_CONFIG, name: topic, configEntries: [{ name, value }] }],
    });
    twin.cluster.setTopicConfig(topic, { [name]: value });
    // A broker answers for its new config a moment before its log goes by it.
    await until(`${name} applies`, async () => {
      const response = await produceOne(twin.real, leader, { topic, bytes: batchBytes(batch) });
      return response !== 'no response' && response.errorCode !== 0;
    });
    const refused = await send(topic, batch);
    expect(refused).toMatchObject({ errorCode, baseOffset: -1n });
  });

  it('to a batch that is larger than a log segment', async () => {
    const topic = await topicOnBoth(1, {
      'segment.bytes': String(SEGMENT_BYTES),
      'max.message.bytes': '3000000',
    });
    expect(await send(topic, { values: ['x'.repeat(2 * SEGMENT_BYTES)] })).toMatchObject({ errorCode: 18 });
  });

  it('to acks=all when min.insync.replicas is more than there are replicas', async () => {
    const topic = await topicOnBoth(1, { 'min.insync.replicas': '2' });
    expect(await send(topic, {})).toMatchObject({ errorCode: 0 });
  });

  it('when partitions are added', async () => {
    const topic = await topicOnBoth(1);
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    twin.cluster.addPartitions(topic, 3);
    await untilPartitions(topic, 3);
    const [described] = await twin.same(async (client) =>
      comparableTopics(await client.fetchMetadata([topic])),
    );
    expect(described!.partitions.map(({ leaderEpoch }) => leaderEpoch)).toEqual([0, 0, 0]);
    expect(await send(topic, { sequence: 5 }, { partition: 2 })).toMatchObject({
      errorCode: 0,
      baseOffset: 0n,
    });
  });

  it('when a topic is deleted and created again: another topic id, and nothing is remembered', async () => {
    const topic = await topicOnBoth(1);
    const idsBefore = await Promise.all(twin.both((client) => topicIdOf(client, topic)));
    expect(await send(topic, { sequence: 0, values: ['1', '2'] })).toMatchObject({ baseOffset: 0n });
    expect(await send(topic, { sequence: 5 })).toMatchObject({ errorCode: 45 });

    await deleteTopics(kafka, [topic]);
    twin.cluster.deleteTopic(topic);
    await untilGone(topic);
    expect(await send(topic, { sequence: 2 })).toMatchObject({ errorCode: 3 });

    await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }] });
    twin.cluster.createTopic({ name: topic, partitions: 1, replicationFactor: 1 });
    await untilPartitions(topic, 1);
    const idsAfter = await Promise.all(twin.both((client) => topicIdOf(client, topic)));
    for (const index of [0, 1]) expect(idsAfter[index]).not.toBe(idsBefore[index]);
    const [described] = await twin.same(async (client) =>
      comparableTopics(await client.fetchMetadata([topic])),
    );
    expect(described!.partitions[0]!.leaderEpoch).toBe(0);
    expect(await send(topic, { sequence: 2 })).toMatchObject({ errorCode: 0, baseOffset: 0n });
  });
});

it('a throttled client is told at once for how long, and the broker reads nothing more of it until then', async () => {
  const clientId = `throttled-${process.pid}`;
  const topic = await topicOnBoth(1);
  await setProducerQuota(kafka, clientId, QUOTA_BYTES_PER_SECOND);
  const throttled = await TwinClients.connect(kafka, { topics: [{ name: topic, partitions: 1 }] }, clientId);
  try {
    const bytes = batchBytes({ timestamp: Date.now(), values: ['x'.repeat(QUOTA_BYTES_PER_SECOND)] });
    const request = { acks: -1 as const, timeoutMs: 5000, batches: [{ topic, partition: 0, bytes }] };
    const produce = async (client: NetworkClient) => {
      const node = client === throttled.real ? leader : 1;
      const sentMs = performance.now();
      const both = [1, 2].map(() => client.produce(node, request, 60_000));
      const { throttleTimeMs, partitions } = await both[0]!;
      const isReady = client.ready(node);
      const second = await both[1]!;
      // The broker begins to count after the first was sent, and takes up the second when the time is over.
      const waited = performance.now() - sentMs >= throttleTimeMs;
      const codes = [partitions[0]!.errorCode, second.partitions[0]!.errorCode];
      return { throttleTimeMs, isReady, waited, codes };
    };
    let real = await produce(throttled.real);
    // A quota applies a moment after it was set.
    for (let attempt = 0; real.throttleTimeMs === 0 && attempt < 20; attempt++)
      real = await produce(throttled.real);
    throttled.cluster.setThrottleMs(real.throttleTimeMs);
    const simulated = await produce(throttled.simulated);
    expect(real).toMatchObject({ isReady: false, waited: true, codes: [0, 0] });
    expect(real.throttleTimeMs).toBeGreaterThan(0);
    expect(simulated).toEqual(real);
  } finally {
    await throttled.close();
    await setProducerQuota(kafka, clientId, null);
  }
});

async function topicIdOf(client: NetworkClient, topic: string): Promise<string | null | undefined> {
  return (await client.fetchMetadata([topic])).topics[0]!.topicId;
}

/** On the real broker, logs included: it names itself leader a moment before it opens them. */
function untilPartitions(topic: string, count: number): Promise<void> {
  return until(`${topic} has ${count} partitions`, async () => {
    const described = (await twin.real.fetchMetadata([topic])).topics[0]!.partitions;
    if (described.length !== count || described.some((one) => one.leader < 0)) return false;
    return admin.fetchTopicOffsets(topic).then(
      (offsets) => offsets.length === count,
      () => false,
    );
  });
}

/** Kafka updates its metadata first and deletes the log afterwards. A log refuses a damaged batch with another error. */
function untilGone(topic: string): Promise<void> {
  const bytes = batchBytes({ timestamp: Date.now() });
  bytes[bytes.length - 1]! ^= 1;
  return until(`${topic} is gone`, async () => {
    const { errorCode } = (await twin.real.fetchMetadata([topic])).topics[0]!;
    const response = await produceOne(twin.real, leader, { topic, bytes });
    const ofLog = response === 'no response' ? null : response.errorCode;
    return [errorCode, ofLog].every((code) => code === ERROR_CODE.UNKNOWN_TOPIC_OR_PARTITION);
  });
}
