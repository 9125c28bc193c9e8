import { StringSerializer } from '../../../src/producer/index';
import type { Cluster, Partitioner } from '../../../src/producer/index';
import { carry } from './support/carry';
import type { CarriedRecord } from './support/carry';

interface Answer {
  readonly KeyPartitioner: new () => Partitioner;
}

/** A topic of which only some partitions have a leader at the moment. */
function clusterOf(partitions: number, available: readonly number[]): Cluster {
  const all = Array.from({ length: partitions }, (_, partition) => ({
    partition,
    leader: available.includes(partition) ? 1 : -1,
  }));
  return {
    partitionsForTopic: () => all,
    availablePartitionsForTopic: () => all.filter(({ leader }) => leader >= 0),
  };
}

/** A number, or the error that came instead. */
export type Placement = { readonly partition: number } | { readonly error: string; readonly message: string };

/** Where the answer places keys, given as hexadecimal bytes (null: no key), without any broker. */
export function place(
  answer: Answer,
  input: {
    topic: string;
    keys: readonly (string | null)[];
    partitions: number;
    available: readonly number[];
  },
): Placement[] {
  const partitioner = new answer.KeyPartitioner();
  const cluster = clusterOf(input.partitions, input.available);
  return input.keys.map((hex): Placement => {
    const keyBytes = hex === null ? null : Buffer.from(hex, 'hex');
    const value = 'an order';
    const record = {
      topic: input.topic,
      key: keyBytes?.toString() ?? null,
      keyBytes,
      value,
      valueBytes: Buffer.from(value),
    };
    try {
      return { partition: partitioner.partition(record, cluster) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.message === 'not started yet') throw error;
      return { error: error.name, message: error.message };
    }
  });
}

/** Sends the records through a producer that asks the answer where they go. Returns how many were acknowledged. */
export async function carryRecords(
  answer: Answer,
  input: { bootstrapServers: string; connection: object; topic: string; records: readonly CarriedRecord[] },
): Promise<number> {
  return carry({ ...input, partitioner: new answer.KeyPartitioner(), keySerializer: new StringSerializer() });
}
