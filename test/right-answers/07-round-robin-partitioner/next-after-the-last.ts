import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// No counter: the next higher available partition after the last one, and from the start again at the end.
export class RoundRobinPartitioner implements Partitioner {
  private last: Record<string, number> = {};

  partition({ topic }: PartitionerRecord, cluster: Cluster): number {
    let candidates = cluster.availablePartitionsForTopic(topic).map((one) => one.partition);
    if (candidates.length === 0) candidates = cluster.partitionsForTopic(topic).map((one) => one.partition);
    const last = this.last[topic] ?? -1;
    const next = candidates.find((partition) => partition > last) ?? candidates[0]!;
    this.last[topic] = next;
    return next;
  }
}
