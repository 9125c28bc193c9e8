import { createTopic, deleteTopics, useKafka, type CourseKafka } from '../../broker/index';
import { runLoad } from '../../lab/load/load';
import { xrayPartition, type BatchXray } from '../../lab/log/log-xray';
import { LogReader } from '../../network/log-reader';
import {
  JsonSerializer,
  KafkaProducer,
  StringSerializer,
  type Partitioner,
  type ProducerConfig,
  type ProducerInterceptor,
  type Serializer,
} from '../../producer/index';
import type { TraceListener } from '../../trace/trace-event';
import { TraceRecorder } from '../../trace/trace-recorder';
import { beforeKernelEnds, singletons } from './kernel-host';

export interface NotebookRecord {
  /** If left out, the producer chooses. */
  readonly partition?: number;
  readonly key?: string | null;
  /** An object goes on the wire as its JSON; a partitioner sees the object. */
  readonly value: string | object | null;
}

export interface NotebookSendOptions {
  /** By Kafka's dotted names; `bootstrap.servers` is added. */
  readonly config?: ProducerConfig;
  readonly partitioner?: Partitioner;
  readonly interceptors?: readonly ProducerInterceptor<string, string | object>[];
  /** If left out: as fast as the producer takes them. */
  readonly recordsPerSecond?: number;
  readonly trace?: TraceListener;
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
 * Opens the Kafka of this notebook: the broker that `npm start` or `npm run kafka` runs, or else a new one. A second call
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

class TextOrJson implements Serializer<string | object> {
  readonly #text = new StringSerializer();
  readonly #json = new JsonSerializer<object>();

  serialize(topic: string, data: string | object | null): Buffer | null {
    return typeof data === 'object' ? this.#json.serialize(topic, data) : this.#text.serialize(topic, data);
  }
}

/** What notebooks do with a broker. When the kernel ends, its connections are closed and its topics are deleted. */
export class NotebookKafka {
  readonly #reader: LogReader;
  /** Name in the notebook → name on the broker. */
  readonly #topics = new Map<string, string>();
  readonly #forget: () => void;

  constructor(readonly kafka: CourseKafka) {
    this.#reader = new LogReader(kafka);
    this.#forget = beforeKernelEnds(() => this.close());
  }

  /** "Kafka 4.4.0 (embedded), 1 broker: 127.0.0.1:9092" */
  toString(): string {
    const { version, kind, brokers, bootstrapServers } = this.kafka;
    return `Kafka ${version} (${kind}), ${brokers} ${brokers === 1 ? 'broker' : 'brokers'}: ${bootstrapServers}`;
  }

  /** Creates an empty topic and returns its name on the broker. If the name was used before, as when its cell runs again, the topic is replaced. */
  async topic(
    name: string,
    options: { readonly partitions: number; readonly configs?: Readonly<Record<string, string>> },
  ): Promise<string> {
    const before = this.#topics.get(name);
    this.#topics.delete(name);
    if (before !== undefined) await deleteTopics(this.kafka, [before]);
    const topic = await createTopic(this.kafka, { name, ...options });
    this.#topics.set(name, topic);
    return topic;
  }

  /** Sends the records with a new producer and resolves when the broker has acknowledged all of them. */
  async send(
    topic: string,
    records: readonly NotebookRecord[],
    options: NotebookSendOptions = {},
  ): Promise<void> {
    const { config = {}, partitioner, interceptors, recordsPerSecond, trace } = options;
    const { bootstrapServers, connection } = this.kafka;
    const serializers = { keySerializer: new StringSerializer(), valueSerializer: new TextOrJson() };
    const producer = new KafkaProducer<string, string | object>(
      { 'bootstrap.servers': bootstrapServers, ...config },
      { ...serializers, connection, partitioner, interceptors, trace },
    );
    try {
      const acknowledged: Promise<unknown>[] = [];
      const send = async (record: NotebookRecord) =>
        void acknowledged.push((await producer.send({ topic, ...record })).get());
      if (recordsPerSecond === undefined) for (const record of records) await send(record);
      else await runLoad({ records, count: records.length, recordsPerSecond, send });
      await Promise.all(acknowledged);
    } finally {
      await producer.close();
    }
  }

  /** Sends the records as `send()` does and returns everything that happened inside the producer. */
  async trace(
    topic: string,
    records: readonly NotebookRecord[],
    options: NotebookSendOptions = {},
  ): Promise<TraceRecorder> {
    const recorder = new TraceRecorder();
    await this.send(topic, records, { ...options, trace: recorder.listener });
    return recorder;
  }

  /** Returns the record batches of a partition's log, with the header fields that consumers do not show. */
  batches(topic: string, partition = 0): Promise<BatchXray[]> {
    return xrayPartition(this.kafka, { topic, partition });
  }

  /** Returns how many records each partition's log holds; the index is the partition. */
  async recordsPerPartition(topic: string): Promise<number[]> {
    return (await this.#reader.endOffsets(topic)).map(Number);
  }

  /** Reads every record of a topic back from the broker's log, in the order of each partition. */
  async readAll(topic: string): Promise<StoredRecord[]> {
    const partitions = (await this.#reader.endOffsets(topic)).map((_, partition) => partition);
    const logs = await Promise.all(partitions.map((partition) => this.#reader.readLog({ topic, partition })));
    const text = (bytes: Buffer | null) => bytes?.toString('utf8') ?? null;
    return logs.flatMap((records, partition) =>
      records.map(({ offset, key, value }) => ({ partition, offset, key: text(key), value: text(value) })),
    );
  }

  /** Deletes the topics of this notebook. A cell that creates a topic creates it again when it runs. */
  async deleteTopics(): Promise<void> {
    const topics = [...this.#topics.values()];
    this.#topics.clear();
    await deleteTopics(this.kafka, topics);
  }

  /** Deletes the topics, closes connections, and stops the broker if this notebook has started it. Runs by itself when the kernel ends. */
  async close(): Promise<void> {
    this.#forget();
    singletons().delete(SINGLETON);
    this.#reader.close();
    await this.deleteTopics();
    await this.kafka.stop();
  }
}
