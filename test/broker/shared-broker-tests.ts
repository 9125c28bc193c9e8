import { ConfigResourceTypes, Kafka } from 'kafkajs';
import { createTopic, deleteTopics, kafkaJsConfig, startKafka, withTopic } from '../../src/broker/index';
import type { CourseKafka, KafkaKind } from '../../src/broker/index';

const START_WITHIN_MS = 300_000;
const TEST_WITHIN_MS = 120_000;

export interface KindUnderTest {
  readonly kind: KafkaKind;
  /** Why these tests cannot run here; undefined when they can. */
  readonly skippedBecause?: string | undefined;
  /** What is left of a broker after its stop(); empty when nothing is. */
  readonly leftovers: (kafka: CourseKafka) => string[];
}

/** What every kind of broker has to do, whoever runs it. */
export function sharedBrokerTests({ kind, skippedBecause, leftovers }: KindUnderTest): void {
  const title = skippedBecause ? `${kind} Kafka (skipped: ${skippedBecause})` : `${kind} Kafka`;
  (skippedBecause ? describe.skip : describe)(title, () => {
    describe('with one broker', () => oneBrokerTests(kind, leftovers));
    if (kind !== 'external') describe('with three brokers', () => threeBrokersTests(kind, leftovers));
  });
}

function oneBrokerTests(kind: KafkaKind, leftovers: KindUnderTest['leftovers']): void {
  let kafka: CourseKafka;

  beforeAll(async () => {
    kafka = await startKafka({ kind });
  }, START_WITHIN_MS);

  afterAll(() => kafka?.stop());

  it('says what it is', () => {
    expect(kafka).toMatchObject({ kind, bootstrapServers: expect.stringMatching(/^[^\s,]+:\d+/) as string });
    expect(kafka.topicPrefix).toMatch(/^[\w.-]+-$/);
    expect(kafka.brokers).toBeGreaterThanOrEqual(1);
  });

  it(
    'stores what it is sent and hands it out in that order',
    () =>
      withTopic(kafka, { name: 'order', partitions: 1 }, async (topic) => {
        const values = Array.from({ length: 50 }, (_, index) => `value ${index}`);
        await produce(kafka, topic, values);
        expect(await consume(kafka, topic, values.length)).toEqual(values);
      }),
    TEST_WITHIN_MS,
  );

  it(
    'makes a topic of its own for every call, all partitions with a leader, and deletes it',
    async () => {
      const topics = await Promise.all(
        [1, 2].map(() => createTopic(kafka, { name: 'a b/ü', partitions: 4 })),
      );
      expect(new Set(topics).size).toBe(2);
      for (const topic of topics) {
        expect(topic.startsWith(kafka.topicPrefix)).toBe(true);
        expect(topic).toMatch(/^[a-zA-Z0-9._-]+$/);
        const leaders = (await describeTopic(kafka, topic)).map(({ leader }) => leader);
        expect(leaders).toHaveLength(4);
        expect(Math.min(...leaders)).toBeGreaterThanOrEqual(0);
      }
      await deleteTopics(kafka, topics);
      const left = await withAdmin(kafka, (admin) => admin.listTopics());
      expect(left.filter((name) => topics.includes(name))).toEqual([]);
    },
    TEST_WITHIN_MS,
  );

  it(
    'refuses to delete a topic without the prefix, and then deletes none',
    async () => {
      await withTopic(kafka, { name: 'kept', partitions: 1 }, async (topic) => {
        await expect(deleteTopics(kafka, [topic, 'orders'])).rejects.toThrow(
          /The topic orders is not the course's/,
        );
        expect(await describeTopic(kafka, topic)).toHaveLength(1);
      });
    },
    TEST_WITHIN_MS,
  );

  it('takes a topic config, and says in one sentence why it does not take another', async () => {
    const options = { name: 'configured', partitions: 1 };
    await withTopic(kafka, { ...options, configs: { 'max.message.bytes': '2000' } }, async (topic) => {
      await expect(produce(kafka, topic, ['x'.repeat(5000)])).rejects.toThrow(/larger than the max/);
    });
    await expect(createTopic(kafka, { ...options, partitions: -3 })).rejects.toThrow(
      /^The topic \S+ could not be made: [^.]+\.$/,
    );
  });

  it('never takes records away for their age: experiments give them timestamps of years ago', async () => {
    const retentionOf = (options: { configs?: Record<string, string> }) =>
      withTopic(kafka, { name: 'old', partitions: 1, ...options }, (topic) =>
        topicConfig(kafka, topic, 'retention.ms'),
      );
    expect(await retentionOf({})).toBe('-1');
    expect(await retentionOf({ configs: { 'retention.ms': '60000' } })).toBe('60000');
  });

  it('leaves nothing running once it was stopped, and may be stopped again', async () => {
    await kafka.stop();
    expect(leftovers(kafka)).toEqual([]);
    await kafka.stop();
  });
}

function threeBrokersTests(kind: KafkaKind, leftovers: KindUnderTest['leftovers']): void {
  let kafka: CourseKafka;

  beforeAll(async () => {
    kafka = await startKafka({ kind, brokers: 3 });
  }, START_WITHIN_MS);

  afterAll(() => kafka?.stop());

  it('has three addresses, and puts a replica of each partition on every broker', async () => {
    expect(kafka.brokers).toBe(3);
    expect(kafka.bootstrapServers.split(',')).toHaveLength(3);
    await withTopic(kafka, { name: 'replicas', partitions: 3 }, async (topic) => {
      for (const { isr } of await describeTopic(kafka, topic)) expect([...isr].sort()).toEqual([1, 2, 3]);
    });
  });

  it.each([{ hard: true }, { hard: false }])(
    'takes acks=all writes after the leader was stopped (%j), and has it back in sync once it was started again',
    ({ hard }) =>
      withTopic(kafka, { name: 'failover', partitions: 1 }, async (topic) => {
        await produce(kafka, topic, ['before']);
        const leader = (await describeTopic(kafka, topic))[0]?.leader ?? -1;
        await kafka.stopBroker(leader, { hard });
        await produce(kafka, topic, ['meanwhile']);
        expect((await describeTopic(kafka, topic))[0]?.leader).not.toBe(leader);
        await kafka.startBroker(leader);
        await produce(kafka, topic, ['after']);
        expect(await consume(kafka, topic, 3)).toEqual(['before', 'meanwhile', 'after']);
        await until(async () => (await describeTopic(kafka, topic))[0]?.isr.includes(leader) === true);
      }),
    TEST_WITHIN_MS,
  );

  it('says which brokers there are when asked for another', async () => {
    await expect(kafka.stopBroker(4)).rejects.toThrow('There is no broker 4: this Kafka has brokers 1 to 3.');
  });

  it('leaves nothing running once it was stopped', async () => {
    await kafka.stop();
    expect(leftovers(kafka)).toEqual([]);
  });
}

/** Asks again until it is true; the bound is there for a claim that is wrong, not for a slow machine. */
export async function until(isTrue: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await isTrue());) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

type Admin = ReturnType<Kafka['admin']>;

function client(kafka: CourseKafka): Kafka {
  return new Kafka({
    ...kafkaJsConfig(kafka),
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 60 },
  });
}

async function withAdmin<T>(kafka: CourseKafka, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = client(kafka).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

async function describeTopic(kafka: CourseKafka, topic: string) {
  const { topics } = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return topics[0]?.partitions ?? [];
}

async function topicConfig(
  kafka: CourseKafka,
  topic: string,
  configName: string,
): Promise<string | undefined> {
  const { resources } = await withAdmin(kafka, (admin) =>
    admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: [configName] }],
    }),
  );
  return resources[0]?.configEntries[0]?.configValue;
}

export async function produce(kafka: CourseKafka, topic: string, values: readonly string[]): Promise<void> {
  const producer = client(kafka).producer();
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
  } finally {
    await producer.disconnect();
  }
}

export async function consume(kafka: CourseKafka, topic: string, count: number): Promise<string[]> {
  const consumer = client(kafka).consumer({ groupId: `${topic}-readers` });
  const values: string[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      // With `restart` kafkajs goes on by itself, for instance while the group's coordinator is loading.
      consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error));
      const eachMessage = ({ message }: { message: { value: Buffer | null } }) => {
        values.push(message.value?.toString() ?? '');
        if (values.length === count) resolve();
        return Promise.resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return values;
}
