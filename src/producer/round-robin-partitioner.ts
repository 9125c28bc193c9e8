import { toPositive } from './internals/murmur2';
import type { Cluster, Partitioner, PartitionerRecord } from './partitioner';

/**
 * One record to each partition in turn, whatever its key: `org.apache.kafka.clients.producer.RoundRobinPartitioner`. Each
 * topic has its own turn. Partitions without a leader are left out, unless none has one.
 */
export class RoundRobinPartitioner implements Partitioner {
  readonly #turns = new Map<string, number>();

  partition({ topic }: PartitionerRecord, cluster: Cluster): number {
    const available = cluster.availablePartitionsForTopic(topic);
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(topic);
    const turn = this.#turns.get(topic) ?? 0;
    this.#turns.set(topic, (turn + 1) | 0);
    return candidates[toPositive(turn) % candidates.length]!.partition;
  }
}
