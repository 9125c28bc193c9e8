import type {
  ClusterMetadata,
  CurrentLeader,
  PartitionMetadata,
  ProducerIdResponse,
  TopicMetadata,
} from '../protocol/messages';
import { Code } from './batch-refusal';
import { NO_LEADER } from './partition-state';
import type { PartitionState, TopicState } from './partition-state';
import type { SimulatedPartition } from './simulated-partition';
import type { SimulatedTopic } from './simulated-topic';

/** What a broker asks of the cluster that it is in. */
export interface BrokerSurroundings {
  readonly mayDescribe: (topic: string) => boolean;
  readonly mayWriteIdempotently: () => boolean;
  /** The first id of a block of a thousand, as the controller hands them out. */
  readonly nextProducerIds: () => bigint;
}

/** What a broker has heard of a topic, and the topic itself. */
interface KnownTopic {
  readonly state: TopicState;
  readonly topic: SimulatedTopic;
}

export interface KnownPartition {
  readonly partition: SimulatedPartition;
  /** As the broker believes. */
  readonly currentLeader: CurrentLeader;
}

/** Every broker's; the port is its id. */
export const SIMULATED_HOST = 'simulated';

const PRODUCER_IDS_IN_BLOCK = 1000n;
/** Kafka's Topic.LEGAL_CHARS and its longest name. */
const LEGAL_NAME = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;

/** One broker: what it has heard of the cluster, which may be old, and what it answers. `KafkaApis` and `ReplicaManager`. */
export class SimulatedBroker {
  running = true;
  /** Its followers fetch nothing. */
  replicationPaused = false;
  readonly #around: BrokerSurroundings;
  readonly #topics = new Map<string, KnownTopic>();
  #alive: readonly number[] = [];
  #producerIds: { next: bigint; end: bigint } = { next: 0n, end: 0n };

  constructor(
    readonly id: number,
    around: BrokerSurroundings,
  ) {
    this.#around = around;
  }

  // ---- what it hears -------------------------------------------------------------------------------------------------

  learnBrokers(alive: readonly number[]): void {
    this.#alive = alive;
  }

  learnTopic(topic: SimulatedTopic, state: TopicState): void {
    const known = this.#topics.get(state.name);
    if (known !== undefined && known.topic !== topic) this.learnDeletion(known.topic);
    this.#topics.set(state.name, { state, topic });
    for (const [index, partition] of state.partitions.entries())
      topic.partitions[index]!.learn(this.id, partition);
  }

  /** All that there are, as a broker does that has just started. */
  learnTopics(topics: readonly SimulatedTopic[]): void {
    for (const { topic } of [...this.#topics.values()])
      if (!topics.includes(topic)) this.learnDeletion(topic);
    for (const topic of topics) this.learnTopic(topic, topic.state);
  }

  learnDeletion(topic: SimulatedTopic): void {
    if (this.#topics.get(topic.name)?.topic === topic) this.#topics.delete(topic.name);
    for (const partition of topic.partitions) partition.learnDeletion(this.id);
  }

  /** It stops: whoever waits for its followers gets no response. */
  dropWaiting(): void {
    for (const { topic } of this.#topics.values()) {
      for (const partition of topic.partitions) partition.dropWaiting(this.id);
    }
  }

  // ---- Metadata and InitProducerId -----------------------------------------------------------------------------------

  metadata(topics: readonly string[]): ClusterMetadata {
    const brokers = this.#alive.map((id) => ({ id, host: SIMULATED_HOST, port: id }));
    return { brokers, topics: topics.map((topic) => this.#describe(topic)) };
  }

  /** Always a new one: without a transactional id, the broker does not go on with the present id. */
  initProducerId(): ProducerIdResponse {
    if (!this.#around.mayWriteIdempotently()) {
      return { errorCode: Code.CLUSTER_AUTHORIZATION_FAILED, producerId: -1n, producerEpoch: -1 };
    }
    if (this.#producerIds.next === this.#producerIds.end) {
      const next = this.#around.nextProducerIds();
      this.#producerIds = { next, end: next + PRODUCER_IDS_IN_BLOCK };
    }
    return { errorCode: Code.NONE, producerId: this.#producerIds.next++, producerEpoch: 0 };
  }

  #describe(topic: string): TopicMetadata {
    const nothing = { topic, topicId: null, partitions: [] };
    if (!this.#around.mayDescribe(topic)) return { ...nothing, errorCode: Code.TOPIC_AUTHORIZATION_FAILED };
    const known = this.#topics.get(topic)?.state;
    if (known === undefined) {
      const legal = LEGAL_NAME.test(topic);
      return {
        ...nothing,
        errorCode: legal ? Code.UNKNOWN_TOPIC_OR_PARTITION : Code.INVALID_TOPIC_EXCEPTION,
      };
    }
    const partitions = known.partitions.map((state, partition) => this.#describePartition(state, partition));
    return { topic, topicId: known.topicId, errorCode: Code.NONE, partitions };
  }

  #describePartition(state: PartitionState, partition: number): PartitionMetadata {
    const { leader, leaderEpoch, replicas, inSyncReplicas } = state;
    const alive = this.#alive.includes(leader);
    return { partition, leader: alive ? leader : NO_LEADER, leaderEpoch, replicas, inSyncReplicas };
  }

  /** For Produce: null for a partition that it has not heard of. */
  partition(topic: string, partition: number): KnownPartition | null {
    const known = this.#topics.get(topic);
    const state = known?.state.partitions[partition];
    if (known === undefined || state === undefined) return null;
    const { leader, leaderEpoch } = state;
    return { partition: known.topic.partitions[partition]!, currentLeader: { leader, leaderEpoch } };
  }
}
