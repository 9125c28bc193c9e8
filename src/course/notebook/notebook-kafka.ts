import { randomUUID } from 'node:crypto';
import { Kafka, Partitioners, type Producer } from 'kafkajs';
import { createTopic, deleteTopics, kafkaJsConfig, useKafka, type CourseKafka } from '../../broker/index';
import { beforeKernelEnds, singletons } from './kernel-host';

export interface NotebookRecord {
  readonly key?: string | Buffer | null;
  readonly value: string | Buffer | null;
}

/** A record as the broker's log holds it; key and value read as UTF-8. */
export interface StoredRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | null;
  readonly value: string | null;
}

const SINGLETON = 'notebook-kafka';

/**
 * The Kafka of this notebook: the one that `npm start` or `npm run kafka` runs, else one of its own. The second call
 * returns what the first one opened.
 */
export function openKafka(): Promise<NotebookKafka> {
  const known = singletons().get(SINGLETON) as Promise<NotebookKafka> | undefined;
  if (known !== undefined) return known;
  const opening = connect().catch((error: unknown) => {
    singletons().delete(SINGLETON); // the next run of the cell tries again
    throw error;
  });
  singletons().set(SINGLETON, opening);
  return opening;
}

async function connect(): Promise<NotebookKafka> {
  const kafka = await useKafka({ onProgress: (line) => console.log(line) });
  return new NotebookKafka(kafka);
}

/** What notebooks do with a broker. Everything it opens is closed with the kernel, its topics are deleted. */
export class NotebookKafka {
  readonly #client: Kafka;
  /** Name in the notebook → name on the broker. */
  readonly #topics = new Map<string, string>();
  readonly #forget: () => void;
  #producer: Promise<Producer> | null = null;

  constructor(readonly kafka: CourseKafka) {
    this.#client = new Kafka(kafkaJsConfig(kafka));
    this.#forget = beforeKernelEnds(() => this.close());
  }

  /** "Kafka 4.4.0 (embedded), 1 broker: 127.0.0.1:9092" */
  toString(): string {
    const { version, kind, brokers, bootstrapServers } = this.kafka;
    return `Kafka ${version} (${kind}), ${brokers} ${brokers === 1 ? 'broker' : 'brokers'}: ${bootstrapServers}`;
  }

  /** An empty topic. With a name used before, as when its cell runs again, it takes that one's place. */
  async topic(name: string, options: { readonly partitions: number }): Promise<string> {
    const before = this.#topics.get(name);
    this.#topics.delete(name);
    if (before !== undefined) await deleteTopics(this.kafka, [before]);
    const topic = await createTopic(this.kafka, { name, partitions: options.partitions });
    this.#topics.set(name, topic);
    return topic;
  }

  /** Sends all records at once, one request for each leader, and resolves when all in-sync replicas have them. */
  async send(topic: string, records: readonly NotebookRecord[]): Promise<void> {
    this.#producer ??= this.#openProducer();
    const messages = records.map(({ key, value }) => ({ key: key ?? null, value }));
    await (await this.#producer).send({ topic, acks: -1, messages });
  }

  /** How many records each partition's log holds, by its offsets; the index is the partition. */
  async recordsPerPartition(topic: string): Promise<number[]> {
    const counts: number[] = [];
    for (const { partition, low, high } of await this.#offsets(topic)) counts[partition] = high - low;
    return counts;
  }

  /** Every record of a topic, read back from the broker, in the order of each partition's log. */
  async readAll(topic: string): Promise<StoredRecord[]> {
    const open = new Map((await this.#offsets(topic)).map(({ partition, high }) => [partition, high]));
    for (const [partition, high] of open) if (high === 0) open.delete(partition);
    const records: StoredRecord[] = [];
    if (open.size === 0) return records;
    const groupId = `${this.kafka.topicPrefix}notebook-${randomUUID()}`;
    const consumer = this.#client.consumer({ groupId, maxWaitTimeInMs: 100 });
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
        consumer
          .run({
            autoCommit: false,
            eachBatch: async ({ batch }) => {
              for (const { offset, key, value } of batch.messages) {
                const text = (bytes: Buffer | null) => bytes?.toString('utf8') ?? null;
                records.push({
                  partition: batch.partition,
                  offset: BigInt(offset),
                  key: text(key),
                  value: text(value),
                });
              }
              if (Number(batch.lastOffset()) + 1 >= (open.get(batch.partition) ?? 0))
                open.delete(batch.partition);
              if (open.size === 0) resolve();
              return Promise.resolve();
            },
          })
          .catch(reject);
      });
    } finally {
      await consumer.disconnect();
    }
    await this.#withAdmin((admin) => admin.deleteGroups([groupId]));
    return records.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  }

  /** Deletes the topics of this notebook; a cell that makes one makes it again. */
  async deleteTopics(): Promise<void> {
    const topics = [...this.#topics.values()];
    this.#topics.clear();
    await deleteTopics(this.kafka, topics);
  }

  /** Deletes the topics, closes connections, and ends the broker if this notebook had started it. The kernel's end does it. */
  async close(): Promise<void> {
    this.#forget();
    singletons().delete(SINGLETON);
    const producer = this.#producer;
    this.#producer = null;
    await (await producer)?.disconnect();
    await this.deleteTopics();
    await this.kafka.stop();
  }

  async #openProducer(): Promise<Producer> {
    const producer = this.#client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    return producer;
  }

  async #offsets(topic: string): Promise<{ partition: number; low: number; high: number }[]> {
    const offsets = await this.#withAdmin((admin) => admin.fetchTopicOffsets(topic));
    return offsets.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }));
  }

  async #withAdmin<T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.#client.admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  }
}
