import { murmur2, toPositive } from '../producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../producer/index';
import type { Order } from './order';

/** Partition 0 is for consumers that only take urgent orders. */
const URGENT_PARTITION = 0;

/** Orders with priority HIGH to partition 0; others by key, those without a key anywhere. */
export class PriorityPartitioner implements Partitioner {
  constructor(private readonly random: () => number = Math.random) {}

  partition({ topic, keyBytes, value }: PartitionerRecord, cluster: Cluster): number {
    if ((value as Partial<Order> | null)?.priority === 'HIGH') return URGENT_PARTITION;
    const { length } = cluster.partitionsForTopic(topic);
    if (keyBytes === null) return Math.floor(this.random() * length);
    return toPositive(murmur2(keyBytes)) % length;
  }
}
