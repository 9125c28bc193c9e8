import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

// Starts anywhere, goes down instead of up, and skips partitions without a leader one by one.
export class RoundRobinPartitioner implements Partitioner {
  readonly #next = new Map<string, number>();

  partition = (record: PartitionerRecord, cluster: Cluster): number => {
    const all = cluster.partitionsForTopic(record.topic);
    const anyLeader = all.some(({ leader }) => leader !== -1);
    let at = this.#next.get(record.topic) ?? Math.floor(Math.random() * all.length);
    while (anyLeader && all[at]!.leader === -1) at = (at + all.length - 1) % all.length;
    this.#next.set(record.topic, (at + all.length - 1) % all.length);
    return all[at]!.partition;
  };
}
