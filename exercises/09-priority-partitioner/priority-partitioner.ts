import { murmur2, toPositive } from '../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../src/producer/index';

/** Urgent orders go to this partition, where dedicated consumers wait for them. */
const PRIORITY_PARTITION = 0;

/**
 * Sends urgent orders to one partition, which has dedicated consumers, and all others where they would go anyway.
 */
export class PriorityPartitioner implements Partitioner {
  /** @param random from 0 up to, not including, 1. */
  constructor(private readonly random: () => number = Math.random) {}

  // TODO: Look at the record's value, and decide:
  // 1. An order (an object) whose `priority` is 'HIGH' goes to PRIORITY_PARTITION, with or without a key.
  //    `record.value` is what the application sent: an order, null, a string, anything. Only an order can be HIGH.
  // 2. Any other record without a key goes to any partition of the topic, all equally likely: draw with this.random().
  // 3. Any other record goes where exercise 06 sends it.
  partition(record: PartitionerRecord, cluster: Cluster): number {
    throw new Error('not started yet');
  }
}
