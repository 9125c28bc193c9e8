import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CompressionCodecs, Kafka } from 'kafkajs';
import { createTopic, deleteTopics, kafkaJsConfig, useKafka } from '../../src/broker/index';
import type { CourseKafka } from '../../src/broker/index';
import { KafkaJsNetworkClient } from '../../src/network/kafkajs-network-client';
import { endOffsets, readLog, readPartition } from '../../src/network/log-reader';
import { NetworkFailure } from '../../src/network/network-client';
import type { Acks, ClusterMetadata } from '../../src/protocol/messages';
import { COMPRESSION_TYPES, codecFor, kafkaJsCodecs } from '../../src/protocol/compression';
import type { CompressionType } from '../../src/protocol/compression';
import { RecordBatchBuilder } from '../../src/protocol/record-batch-builder';
import type { ProducerState } from '../../src/protocol/record-batch-builder';
import type { Header } from '../../src/protocol/header';
import { ManualClock } from '../../src/support/clock';
import type { Clock } from '../../src/support/clock';
import { cuttableProxy } from './cuttable-proxy';

interface TestRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
}

const NOT_IDEMPOTENT: ProducerState = { producerId: -1n, producerEpoch: -1, baseSequence: -1 };
const TIMEOUT_MS = 30_000;

const SHAPES: TestRecord[] = [
  { key: null, value: null, headers: [] },
  { key: Buffer.from('tombstone'), value: null, headers: [] },
  { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: [] },
  { key: Buffer.from('ключ-🙂'), value: Buffer.from('Grüße, 日本'), headers: [] },
  {
    key: null,
    value: Buffer.from('with headers'),
    headers: [
      { key: 'trace', value: Buffer.from('1') },
      { key: 'trace', value: Buffer.from('2') },
      { key: 'ü', value: Buffer.alloc(0) },
    ],
  },
  { key: Buffer.from('large'), value: Buffer.alloc(1_000_000, 'all work and no play '), headers: [] },
];

let kafka: CourseKafka;
const clients: KafkaJsNetworkClient[] = [];
const topics: string[] = [];

beforeAll(async () => {
  kafka = await useKafka();
}, 180_000);

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(async () => {
  await deleteTopics(kafka, topics);
  await kafka.stop();
});

async function newTopic(name: string, configs: Record<string, string> = {}): Promise<string> {
  const topic = await createTopic(kafka, { name, partitions: 1, configs });
  topics.push(topic);
  return topic;
}

function newClient(bootstrapServers = kafka.bootstrapServers, clock?: Clock): KafkaJsNetworkClient {
  const client = new KafkaJsNetworkClient({
    ...kafka.connection,
    bootstrapServers,
    clientId: 'network-test',
    requestTimeoutMs: TIMEOUT_MS,
    maxInFlightRequestsPerConnection: 5,
    reconnectBackoffMs: 10,
    reconnectBackoffMaxMs: 50,
    socketConnectionSetupTimeoutMs: 5000,
    clock,
  });
  clients.push(client);
  return client;
}

/** Resolves once a request to the node can be written, asking again whenever the client says that it may be so. */
async function ready(client: KafkaJsNetworkClient, node: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const ask = () => client.ready(node) && resolve();
    client.onReadyChange(ask);
    ask();
  });
}

/** Connected to the leader of partition 0. */
async function connectTo(topic: string, bootstrapServers?: string) {
  const client = newClient(bootstrapServers);
  const metadata = await client.fetchMetadata([topic]);
  const node = metadata.topics[0]!.partitions[0]!.leader;
  await ready(client, node);
  return { client, node };
}

function batchOf(
  records: readonly TestRecord[],
  type: CompressionType = 'none',
  state = NOT_IDEMPOTENT,
): Buffer {
  const builder = new RecordBatchBuilder({ writeLimit: 16384, codec: codecFor(type) });
  records.forEach(({ key, value, headers }, index) =>
    builder.append(1_700_000_000_000 + index, key, value, headers),
  );
  return builder.close(state);
}

function textBatch(texts: readonly string[], state = NOT_IDEMPOTENT): Buffer {
  return batchOf(
    texts.map((text) => ({ key: null, value: Buffer.from(text), headers: [] })),
    'none',
    state,
  );
}

async function produce(
  at: Awaited<ReturnType<typeof connectTo>>,
  topic: string,
  bytes: Buffer,
  acks: Acks = -1,
) {
  const request = { acks, timeoutMs: TIMEOUT_MS, batches: [{ topic, partition: 0, bytes }] };
  const { partitions } = await at.client.produce(at.node, request, TIMEOUT_MS);
  return partitions[0]!;
}

const sha256 = (bytes: Buffer | null) =>
  bytes === null ? null : createHash('sha256').update(bytes).digest('hex');
const fingerprint = ({ key, value, headers }: TestRecord) => [
  sha256(key),
  sha256(value),
  headers.map((header) => [header.key, header.value?.toString('hex')]),
];

async function readWithKafkaJs(topic: string, count: number): Promise<TestRecord[]> {
  Object.assign(CompressionCodecs, kafkaJsCodecs());
  const consumer = new Kafka(kafkaJsConfig(kafka)).consumer({ groupId: topic });
  const records: TestRecord[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    const eachMessage = ({
      message,
    }: {
      message: { key: Buffer | null; value: Buffer | null; headers?: object };
    }) => {
      const headers = Object.entries(message.headers ?? {}).flatMap(([key, values]) =>
        [values as Buffer | Buffer[]].flat().map((value) => ({ key, value })),
      );
      if (records.push({ key: message.key, value: message.value, headers }) === count) resolve();
      return Promise.resolve();
    };
    void consumer.run({ eachMessage });
  });
  await consumer.disconnect();
  return records;
}

describe('KafkaJsNetworkClient on a real broker', () => {
  it.each(COMPRESSION_TYPES)('carries every shape of record byte for byte, with %s', async (type) => {
    const topic = await newTopic(`shapes-${type}`);
    const sent = batchOf(SHAPES, type);
    const answer = await produce(await connectTo(topic), topic, sent);
    expect(answer).toMatchObject({ errorCode: 0, baseOffset: 0n, logAppendTimeMs: -1, recordErrors: [] });

    const [stored, ...more] = await readPartition(kafka, { topic, partition: 0 });
    expect(more).toEqual([]);
    expect(stored?.compressionType).toBe(type);
    // From the attributes on, which is what the checksum covers, the broker stores what was sent.
    expect(stored?.bytes.subarray(17).equals(sent.subarray(17))).toBe(true);
    expect((await readLog(kafka, { topic, partition: 0 })).map(fingerprint)).toEqual(SHAPES.map(fingerprint));
    expect((await readWithKafkaJs(topic, SHAPES.length)).map(fingerprint)).toEqual(SHAPES.map(fingerprint));
    expect(await endOffsets(kafka, topic)).toEqual([6n]);
  });

  it('writes requests in the order of the calls, five in flight, and answers with the right offsets', async () => {
    const topic = await newTopic('in-order');
    const at = await connectTo(topic);
    const texts = Array.from({ length: 200 }, (_, index) => String(index));
    const offsets: bigint[] = [];
    for (let first = 0; first < texts.length; first += 5) {
      const answers = texts.slice(first, first + 5).map((text) => produce(at, topic, textBatch([text])));
      expect(at.client.ready(at.node)).toBe(false);
      offsets.push(...(await Promise.all(answers)).map(({ baseOffset }) => baseOffset));
    }
    expect(offsets).toEqual(texts.map((_text, index) => BigInt(index)));
    const log = await readLog(kafka, { topic, partition: 0 });
    expect(log.map(({ value }) => value?.toString())).toEqual(texts);
  });

  it('sends several partitions in one request and answers for each', async () => {
    const topic = await newTopic('two-batches');
    const other = await newTopic('other');
    const { client, node } = await connectTo(topic);
    const batches = [
      { topic, partition: 0, bytes: textBatch(['a', 'b']) },
      { topic: other, partition: 0, bytes: textBatch(['c'.repeat(10_000)]) },
      { topic: other, partition: 7, bytes: textBatch(['there is no such partition']) },
    ];
    const { partitions } = await client.produce(
      node,
      { acks: -1, timeoutMs: TIMEOUT_MS, batches },
      TIMEOUT_MS,
    );
    const answers = partitions.map((answer) => `${answer.topic}-${answer.partition}: ${answer.errorCode}`);
    expect(answers.sort()).toEqual([`${other}-0: 0`, `${other}-7: 3`, `${topic}-0: 0`]);
  });

  it('gives producer ids with epoch 0, and the broker takes a resent batch for the duplicate that it is', async () => {
    const topic = await newTopic('duplicates');
    const at = await connectTo(topic);
    const { producerId, producerEpoch } = await freshProducerId(at.client);
    expect(producerEpoch).toBe(0);
    const state = (baseSequence: number) => ({ producerId, producerEpoch, baseSequence });
    expect(await produce(at, topic, textBatch(['0', '1'], state(0)))).toMatchObject({
      errorCode: 0,
      baseOffset: 0n,
    });
    expect(await produce(at, topic, textBatch(['2', '3', '4'], state(2)))).toMatchObject({ baseOffset: 2n });
    expect(await produce(at, topic, textBatch(['2', '3', '4'], state(2)))).toMatchObject({
      errorCode: 0,
      baseOffset: 2n,
    });
    expect(await produce(at, topic, textBatch(['gap'], state(9)))).toMatchObject({ errorCode: 45 });
    const stored = await readPartition(kafka, { topic, partition: 0 });
    expect(
      stored.map((batch) => [batch.producerId, batch.producerEpoch, batch.baseSequence, batch.recordCount]),
    ).toEqual([
      [producerId, 0, 0, 2],
      [producerId, 0, 2, 3],
    ]);
  });

  it('gets another producer id each time that it asks', async () => {
    const client = newClient();
    const first = await freshProducerId(client);
    const second = await freshProducerId(client);
    expect(second).toMatchObject({ errorCode: 0, producerEpoch: 0 });
    expect(second.producerId).not.toBe(first.producerId);
  });

  it('H-18 resolves with acks=0 once written, without an offset', async () => {
    const topic = await newTopic('acks-0');
    const at = await connectTo(topic);
    expect(await produce(at, topic, textBatch(['a']), 0)).toMatchObject({ errorCode: 0, baseOffset: -1n });
    // The connection answers in order: what comes back for a second request has seen the first.
    expect(await produce(at, topic, textBatch(['b']), 1)).toMatchObject({ baseOffset: 1n });
  });

  it('answers with the log append time where the topic has one', async () => {
    const topic = await newTopic('append-time', { 'message.timestamp.type': 'LogAppendTime' });
    const before = Date.now();
    const { logAppendTimeMs } = await produce(await connectTo(topic), topic, textBatch(['a']));
    expect(logAppendTimeMs).toBeGreaterThan(before - 60_000);
    const [record] = await readLog(kafka, { topic, partition: 0 });
    expect(record?.timestamp).toBe(logAppendTimeMs);
  });

  it('H-14 hands on which record the broker refused, and why', async () => {
    const topic = await newTopic('compacted', { 'cleanup.policy': 'compact' });
    const records = [Buffer.from('key'), null].map((key) => ({ key, value: Buffer.from('v'), headers: [] }));
    const answer = await produce(await connectTo(topic), topic, batchOf(records));
    expect(answer.errorCode).toBe(87);
    expect(answer.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1]);
    expect(answer.recordErrors[0]?.message ?? answer.errorMessage).toMatch(/key/i);
  });

  it('reports what is wrong with a topic, and the leader epoch of one that is right', async () => {
    const topic = await newTopic('metadata');
    const client = newClient();
    const { brokers, topics: known } = await client.fetchMetadata([topic, 'not a legal name']);
    expect(brokers.length).toBe(kafka.brokers);
    const byName = new Map(known.map((entry) => [entry.topic, entry]));
    expect(byName.get('not a legal name')).toMatchObject({ errorCode: 17, partitions: [] });
    expect(byName.get(topic)).toMatchObject({ errorCode: 0, partitions: [{ partition: 0, leaderEpoch: 0 }] });
    expect((await client.fetchMetadata([])).topics).toEqual([]);
  });

  it('gets the id of a topic, which is another one once the topic was deleted and recreated (KIP-516)', async () => {
    const topic = await newTopic('recreated');
    const client = newClient();
    const describeTopic = async () => (await client.fetchMetadata([topic])).topics[0]!;
    const first = await describeTopic();
    expect(first.topicId).toMatch(/^[\w-]{22}$/);
    expect(await describeTopic()).toEqual(first);

    const admin = new Kafka(kafkaJsConfig(kafka)).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    while ((await describeTopic()).errorCode === 0) await delay(20);
    expect(await describeTopic()).toMatchObject({ errorCode: 3, topicId: null });
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 1 }] });
    await admin.disconnect();
    while ((await describeTopic()).errorCode !== 0) await delay(20);
    const second = await describeTopic();
    expect(second.topicId).toMatch(/^[\w-]{22}$/);
    expect(second.topicId).not.toBe(first.topicId);
  });

  it('rejects what is in flight when the connection breaks, backs off, and connects again', async () => {
    const topic = await newTopic('cut');
    const proxy = await cuttableProxy(kafka.bootstrapServers.split(',')[0]!);
    try {
      const at = await connectTo(topic);
      // Metadata names the broker itself; through the proxy goes a client that believes the proxy to be the broker.
      const client = newClient(proxy.address);
      proxy.holdAnswers();
      const waiting = client.fetchMetadata([topic]);
      await proxy.somethingHeld();
      proxy.cut();
      await expect(waiting).rejects.toBeInstanceOf(NetworkFailure);
      // Until reconnect.backoff.ms is over the only address is not tried again; the client says when it is.
      const again = await new Promise<ClusterMetadata>((resolve) => {
        const ask = () => void client.fetchMetadata([topic]).then(resolve, () => {});
        client.onReadyChange(ask);
        ask();
      });
      expect(again.topics[0]?.errorCode).toBe(0);
      expect(await produce(at, topic, textBatch(['still here']))).toMatchObject({ errorCode: 0 });
    } finally {
      await proxy.close();
    }
  });

  it('says in one sentence that nobody answers', async () => {
    const clock = new ManualClock();
    const client = newClient('127.0.0.1:1', clock);
    await expect(client.fetchMetadata([])).rejects.toThrow(
      /^There is no connection to 127\.0\.0\.1:1: .*\.$/,
    );
    // Within the backoff the address is not tried at all.
    await expect(client.fetchMetadata([])).rejects.toThrow(/No broker of 127\.0\.0\.1:1 can be reached/);
    clock.advance(12);
    await expect(client.fetchMetadata([])).rejects.toThrow(/^There is no connection/);
    await expect(client.produce(1, { acks: 1, timeoutMs: 1, batches: [] }, 1)).rejects.toBeInstanceOf(
      NetworkFailure,
    );
  });

  it('rejects what is in flight when it is closed, and everything after', async () => {
    const topic = await newTopic('closed');
    const at = await connectTo(topic);
    const waiting = produce(at, topic, textBatch(['a']));
    await at.client.close();
    await expect(waiting).rejects.toBeInstanceOf(NetworkFailure);
    await expect(at.client.fetchMetadata([])).rejects.toBeInstanceOf(NetworkFailure);
    expect(at.client.ready(at.node)).toBe(false);
  });
});

/** A broker that has just started answers 14 (COORDINATOR_LOAD_IN_PROGRESS) for a while. */
async function freshProducerId(client: KafkaJsNetworkClient) {
  for (;;) {
    const answer = await client.initProducerId();
    if (answer.errorCode !== 14) return answer;
    await delay(50);
  }
}
