import type { Clock } from '../support/clock';
import type { ClusterTraceEvent } from '../trace/trace-event';
import { loggedBatch } from './logged-batch';
import type { LostBatch } from './logged-batch';
import type { TopicState } from './partition-state';
import type { SimulatedBroker } from './simulated-broker';
import type { SimulatedPartition } from './simulated-partition';
import { SimulatedPartitionLog } from './simulated-partition-log';
import { SimulatedReplica } from './simulated-replica';
import { SimulatedTopic } from './simulated-topic';
import type { StoredBatch } from './stored-batch';

export interface SimulatedTopicOptions {
  readonly name: string;
  readonly partitions: number;
  /** Default: every broker, three at most. */
  readonly replicationFactor?: number;
  /** Topic configs by their dotted names, with Kafka's defaults. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface ControllerOptions {
  readonly clock: Clock;
  readonly brokers: ReadonlyMap<number, SimulatedBroker>;
  readonly trace: (event: ClusterTraceEvent) => void;
  readonly replicationMs: (node: number) => number;
  readonly metadataDelayMs: (node: number) => number;
  readonly replicaLagTimeMaxMs: number;
  readonly failoverMs: number;
  readonly producerIdExpirationMs: number | undefined;
}

/** What a broker is about to hear, in order. */
type News = (broker: SimulatedBroker) => void;

const DEFAULT_REPLICAS = 3;

/** Decides which topics there are, who leads their partitions, and when the brokers hear of it: Kafka's KRaft controller. */
export class SimulatedController {
  readonly topics = new Map<string, SimulatedTopic>();
  readonly lost: LostBatch[] = [];
  readonly #options: ControllerOptions;
  /** The brokers that the controller takes to be alive. */
  readonly #alive: Set<number>;
  readonly #failovers = new Map<number, () => void>();
  readonly #lastNewsMs = new Map<number, number>();
  readonly #newsFor = new Map<number, News[]>();
  readonly #queue: News[] = [];
  readonly #alreadyLost = new Set<StoredBatch>();
  #spreading = false;
  #topicIds = 0;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#alive = new Set(options.brokers.keys());
    for (const broker of options.brokers.values()) broker.learnBrokers([...this.#alive]);
  }

  createTopic({ name, partitions, replicationFactor, config = {} }: SimulatedTopicOptions): void {
    if (this.topics.has(name)) throw new RangeError(`There is a simulated topic ${name} already.`);
    const brokers = this.#options.brokers.size;
    const replicas = replicationFactor ?? Math.min(brokers, DEFAULT_REPLICAS);
    if (replicas < 1 || replicas > brokers) {
      throw new RangeError(`A topic cannot have ${replicas} replicas on ${brokers} simulated brokers.`);
    }
    const topic = new SimulatedTopic(name, topicIdOf(++this.#topicIds), replicas, config);
    this.topics.set(name, topic);
    this.#grow(topic, partitions);
  }

  deleteTopic(name: string): void {
    const topic = this.topic(name);
    this.topics.delete(name);
    for (const partition of topic.partitions) partition.delete();
    this.#spread((broker) => broker.learnDeletion(topic));
  }

  /** To so many in all. */
  addPartitions(name: string, partitions: number): void {
    const topic = this.topic(name);
    if (partitions <= topic.partitions.length) {
      throw new RangeError(`The simulated topic ${name} has ${topic.partitions.length} partitions already.`);
    }
    this.#grow(topic, partitions);
  }

  /** @throws RangeError if there is none */
  topic(name: string): SimulatedTopic {
    const topic = this.topics.get(name);
    if (topic === undefined) throw new RangeError(`There is no simulated topic ${name}.`);
    return topic;
  }

  /** @throws RangeError if there is none */
  partition(name: string, partition: number): SimulatedPartition {
    const found = this.topic(name).partitions[partition];
    if (found === undefined) throw new RangeError(`There is no simulated partition ${name}-${partition}.`);
    return found;
  }

  /** The broker is gone. If it was killed, the controller notices only after `failoverMs`. */
  brokerStopped(id: number, { wasKilled }: { wasKilled: boolean }): void {
    const { clock, failoverMs } = this.#options;
    if (!wasKilled || failoverMs <= 0) return this.#failOver(id);
    this.#failovers.set(
      id,
      clock.after(failoverMs, () => this.#failOver(id)),
    );
  }

  #failOver(id: number): void {
    this.#failovers.get(id)?.();
    this.#failovers.delete(id);
    this.#alive.delete(id);
    for (const partition of this.#partitions()) partition.brokerStopped(id);
    this.#spreadAlive();
  }

  /** It hears at once what has happened, and leads again what nobody else could. */
  brokerStarted(broker: SimulatedBroker, { wasKilled }: { wasKilled: boolean }): void {
    // It registers anew: whatever it led is led by others before it counts again.
    if (this.#failovers.has(broker.id)) this.#failOver(broker.id);
    this.#alive.add(broker.id);
    this.#newsFor.get(broker.id)?.splice(0);
    broker.learnBrokers([...this.#alive]);
    broker.learnTopics([...this.topics.values()]);
    for (const partition of this.#partitions()) partition.brokerStarted(broker.id, { wasKilled });
    this.#spreadAlive();
    this.resumeReplication();
  }

  resumeReplication(): void {
    for (const partition of this.#partitions()) partition.resume();
  }

  #grow(topic: SimulatedTopic, partitions: number): void {
    const ids = [...this.#options.brokers.keys()];
    for (let index = topic.partitions.length; index < partitions; index++) {
      const nodes = Array.from(
        { length: topic.replicationFactor },
        (_, place) => ids[(index + place) % ids.length]!,
      );
      this.#addPartition(topic, index, nodes);
    }
    this.#spreadTopic(topic);
  }

  #addPartition(topic: SimulatedTopic, index: number, nodes: readonly number[]): void {
    const { clock, brokers, trace, replicationMs, replicaLagTimeMaxMs, producerIdExpirationMs } =
      this.#options;
    const topicPartition = `${topic.name}-${index}`;
    const settings = () => topic.settings;
    const isRunning = (node: number) => brokers.get(node)?.running === true;
    topic.addPartition(nodes, {
      clock,
      settings,
      isRunning,
      isAlive: (node) => this.#alive.has(node),
      canFetch: (node) => isRunning(node) && brokers.get(node)?.replicationPaused === false,
      replicationMs,
      replicaLagTimeMaxMs,
      newReplica: (node) =>
        new SimulatedReplica(
          node,
          new SimulatedPartitionLog({ clock, topicPartition, settings, producerIdExpirationMs }),
        ),
      onStateChange: (reason) => {
        if (this.topics.get(topic.name) !== topic) return;
        const { leader } = topic.partitions[index]!.state;
        if (reason === 'leader') {
          trace({ stage: 'leader-changed', atMs: clock.now(), topic: topic.name, partition: index, leader });
        }
        this.#spreadTopic(topic);
      },
      onLost: (node, batches, reason) => {
        for (const batch of batches) {
          if (this.#alreadyLost.has(batch)) continue;
          this.#alreadyLost.add(batch);
          const { name, topicId } = topic;
          this.lost.push({ topic: name, topicId, partition: index, node, batch: loggedBatch(batch), reason });
        }
      },
    });
  }

  *#partitions(): Iterable<SimulatedPartition> {
    for (const topic of [...this.topics.values()]) yield* topic.partitions;
  }

  // ---- spreading the news --------------------------------------------------------------------------------------------

  #spreadTopic(topic: SimulatedTopic): void {
    const state: TopicState = topic.state;
    this.#spread((broker) => broker.learnTopic(topic, state));
  }

  #spreadAlive(): void {
    const alive = [...this.#alive];
    this.#spread((broker) => broker.learnBrokers(alive));
  }

  /** To all brokers, each after its own delay. What comes of it, in a broker that hears it at once, is spread afterwards. */
  #spread(news: News): void {
    this.#queue.push(news);
    if (this.#spreading) return;
    this.#spreading = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        for (const broker of this.#options.brokers.values()) if (broker.running) this.#send(broker, next);
      }
    } finally {
      this.#spreading = false;
    }
  }

  #send(broker: SimulatedBroker, news: News): void {
    const { clock, metadataDelayMs } = this.#options;
    const nowMs = clock.now();
    const dueMs = Math.max(nowMs + metadataDelayMs(broker.id), this.#lastNewsMs.get(broker.id) ?? 0);
    let waiting = this.#newsFor.get(broker.id);
    if (waiting === undefined) this.#newsFor.set(broker.id, (waiting = []));
    if (dueMs <= nowMs && waiting.length === 0) return news(broker);
    this.#lastNewsMs.set(broker.id, dueMs);
    waiting.push(news);
    // The first that waits, not this one: timers that fall due together may fire in any order.
    clock.after(dueMs - nowMs, () => {
      const next = waiting.shift();
      if (broker.running) next?.(broker);
    });
  }
}

/** 22 characters, as Kafka prints topic ids. */
function topicIdOf(number: number): string {
  return `simulated-topic-${String(number).padStart(6, '0')}`;
}
