import { BuiltInPartitioner } from './built-in-partitioner';
import { PartitionQueue } from './partition-queue';

export interface TopicQueues {
  readonly topic: string;
  /** By partition; partitions that nothing was sent to yet are missing. */
  readonly queues: (PartitionQueue | undefined)[];
  readonly partitioner: BuiltInPartitioner;
}

/** Every queue of a producer, by topic and partition. They appear when they are first used. */
export class AccumulatorQueues {
  readonly #topics = new Map<string, TopicQueues>();
  /** Most records are for the same topic as the one before. */
  #last: TopicQueues | null = null;

  constructor(
    private readonly batchSize: number,
    private readonly random: () => number,
  ) {}

  topic(topic: string): TopicQueues {
    if (this.#last?.topic === topic) return this.#last;
    let found = this.#topics.get(topic);
    if (found === undefined) {
      found = { topic, queues: [], partitioner: new BuiltInPartitioner(topic, this.batchSize, this.random) };
      this.#topics.set(topic, found);
    }
    this.#last = found;
    return found;
  }

  queue(topic: TopicQueues, partition: number): PartitionQueue {
    return (topic.queues[partition] ??= new PartitionQueue(topic.topic, partition));
  }

  /** Without making one. */
  find(topic: string, partition: number): PartitionQueue | undefined {
    return this.#topics.get(topic)?.queues[partition];
  }

  topics(): Iterable<TopicQueues> {
    return this.#topics.values();
  }

  *all(): Generator<PartitionQueue> {
    for (const { queues } of this.#topics.values()) {
      for (const queue of queues) if (queue !== undefined) yield queue;
    }
  }
}
