import type { KafkaDescription } from '../../broker/index';
import { ByteArraySerializer, JsonSerializer, KafkaProducer, StringSerializer } from '../../producer/index';
import type { MetricsSource, ProducerConfig, RecordMetadata } from '../../producer/index';
import { CountingNetworkClient } from '../load/counting-network-client';
import type { BytesProducer } from '../load/course-producer';
import { LatencyHistogram } from '../load/latency-histogram';
import type { LatencyMs } from '../load/latency-histogram';
import { runLoad } from '../load/load';
import type { Order } from '../order';
import { orderBytes, orders } from '../order';
import { PriorityPartitioner } from '../priority-partitioner';
import type { LiveStats } from './live-stats';

export type LoadName = 'high-throughput' | 'low-latency';

/** The chapter's two ways to send, and the pace at which the lab does it. */
export const LOADS: Readonly<
  Record<LoadName, { readonly config: ProducerConfig; readonly messagesPerSecond?: number }>
> = {
  'high-throughput': {
    config: {
      'batch.size': 65_536,
      'linger.ms': 50,
      'compression.type': 'lz4',
      'buffer.memory': 67_108_864,
      acks: 'all',
    },
  },
  // As fast as possible, single messages would queue for each other, and their latency would show the queue.
  'low-latency': { config: { 'batch.size': 1, 'linger.ms': 0, acks: '1' }, messagesPerSecond: 500 },
};

export interface LoadReply {
  readonly clientId: LoadName;
  readonly topic: string;
  readonly config: ProducerConfig;
  readonly messages: number;
  readonly failed: number;
  readonly durationMs: number;
  readonly messagesPerSecond: number;
  readonly requests: number;
  readonly batches: number;
  readonly recordsPerBatch: number;
  readonly bytesSent: number;
  readonly latencyMs: LatencyMs;
}

/** Somebody asks for a load while the same producer is at one: their figures would be each other's. */
export class LoadIsRunning extends Error {
  override readonly name = 'LoadIsRunning';
}

export type LabTopics = Readonly<Record<LoadName | 'priority-order', string>>;

export interface LabProducersOptions {
  readonly kafka: KafkaDescription;
  readonly topics: LabTopics;
  readonly live: LiveStats;
  /** Ends loads early. */
  readonly endLoads: AbortSignal;
}

interface LoadProducer {
  readonly producer: BytesProducer;
  readonly network: CountingNetworkClient;
}

/** One producer for each configuration, made when it is first needed and kept: its metrics are what the lab compares. */
export class LabProducers {
  readonly #loads = new Map<LoadName, LoadProducer>();
  readonly #busy = new Set<LoadName>();
  #priority: KafkaProducer<string, Order> | null = null;
  #seed = 0;

  constructor(private readonly options: LabProducersOptions) {}

  async sendOrders(name: LoadName, count: number): Promise<LoadReply> {
    if (this.#busy.has(name)) {
      throw new LoadIsRunning(`The ${name} producer is sending already: try again when that load has ended.`);
    }
    this.#busy.add(name);
    try {
      return await this.#run(name, count);
    } finally {
      this.#busy.delete(name);
    }
  }

  async sendPriorityOrder(order: Order): Promise<RecordMetadata> {
    const topic = this.options.topics['priority-order'];
    const future = await this.#priorityProducer().send({ topic, key: order.customerId, value: order });
    return future.get();
  }

  /** Those that were made so far. */
  get all(): MetricsSource[] {
    const loads = [...this.#loads.values()].map(({ producer }) => producer);
    return this.#priority === null ? loads : [...loads, this.#priority];
  }

  async close(): Promise<void> {
    const producers = [...this.#loads.values()].map(({ producer }) => producer.close({ timeoutMs: 5000 }));
    await Promise.all([...producers, this.#priority?.close({ timeoutMs: 5000 })]);
  }

  async #run(name: LoadName, count: number): Promise<LoadReply> {
    const { producer, network } = this.#loadProducer(name);
    const { config, messagesPerSecond } = LOADS[name];
    const topic = this.options.topics[name];
    const latency = new LatencyHistogram();
    const before = network.counters;
    const startedMs = performance.now();
    let failed = 0;
    const load = await runLoad({
      records: orders({ seed: ++this.#seed }),
      count,
      recordsPerSecond: messagesPerSecond,
      signal: this.options.endLoads,
      send: (order) => {
        const sentMs = performance.now();
        return producer.send(
          { topic, key: order.customerId, value: orderBytes(order) },
          (_metadata, error) => {
            if (error !== null) failed++;
            latency.record(performance.now() - sentMs);
          },
        );
      },
    });
    await producer.flush();
    const durationMs = performance.now() - startedMs;
    const { requests, batches, records, bytes } = network.counters;
    const sentBatches = batches - before.batches;
    return {
      clientId: name,
      topic,
      config,
      messages: load.sent,
      failed,
      durationMs,
      messagesPerSecond: (load.sent * 1000) / durationMs,
      requests: requests - before.requests,
      batches: sentBatches,
      recordsPerBatch: sentBatches === 0 ? 0 : (records - before.records) / sentBatches,
      bytesSent: bytes - before.bytes,
      latencyMs: latency.summary(),
    };
  }

  #loadProducer(name: LoadName): LoadProducer {
    const known = this.#loads.get(name);
    if (known !== undefined) return known;
    const network = CountingNetworkClient.connect(this.options.kafka, name, this.options.live.listener(name));
    const producer = new KafkaProducer<string, Uint8Array>(
      { ...LOADS[name].config, 'client.id': name, 'bootstrap.servers': this.options.kafka.bootstrapServers },
      { keySerializer: new StringSerializer(), valueSerializer: new ByteArraySerializer(), network },
    );
    const made = { producer, network };
    this.#loads.set(name, made);
    return made;
  }

  #priorityProducer(): KafkaProducer<string, Order> {
    const name = 'priority-order';
    this.#priority ??= new KafkaProducer<string, Order>(
      { 'client.id': name, 'bootstrap.servers': this.options.kafka.bootstrapServers, 'linger.ms': 0 },
      {
        keySerializer: new StringSerializer(),
        valueSerializer: new JsonSerializer<Order>(),
        partitioner: new PriorityPartitioner(),
        network: CountingNetworkClient.connect(this.options.kafka, name, this.options.live.listener(name)),
      },
    );
    return this.#priority;
  }
}
