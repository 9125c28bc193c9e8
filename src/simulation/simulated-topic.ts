import type { TopicState } from './partition-state';
import { SimulatedPartition } from './simulated-partition';
import type { PartitionSurroundings } from './simulated-partition';
import { topicSettings } from './topic-settings';
import type { TopicSettings } from './topic-settings';

/** One life of a topic: deleted and created again, it is another one, with another id. */
export class SimulatedTopic {
  readonly partitions: SimulatedPartition[] = [];
  #config: Readonly<Record<string, string>>;
  #settings: TopicSettings;

  constructor(
    readonly name: string,
    readonly topicId: string,
    readonly replicationFactor: number,
    config: Readonly<Record<string, string>>,
  ) {
    this.#config = config;
    this.#settings = topicSettings(config);
  }

  get settings(): TopicSettings {
    return this.#settings;
  }

  /** As the controller has it. */
  get state(): TopicState {
    const { name, topicId } = this;
    return { name, topicId, partitions: this.partitions.map(({ state }) => state) };
  }

  /** These configs over those that were set before. */
  configure(config: Readonly<Record<string, string>>): void {
    const merged = { ...this.#config, ...config };
    this.#settings = topicSettings(merged);
    this.#config = merged;
  }

  addPartition(nodes: readonly number[], around: PartitionSurroundings): void {
    this.partitions.push(new SimulatedPartition(nodes, around));
  }
}
