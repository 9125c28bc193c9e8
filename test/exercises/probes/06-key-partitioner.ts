import { inspect } from 'node:util';
import { NOT_STARTED } from '../../../src/course/grading/answer-protocol';
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

/** A partition, something else that was returned (in words), or the error that came instead. */
export type Placement =
  | { readonly partition: number }
  | { readonly returned: string }
  | { readonly error: string; readonly message: string };

/** Where the answer places keys, given as hexadecimal bytes (null: no key), without any broker. */
export async function place(
  answer: Answer,
  input: {
    topic: string;
    keys: readonly (string | null)[];
    partitions: number;
    available: readonly number[];
  },
): Promise<Placement[]> {
  const partitioner = new answer.KeyPartitioner();
  const cluster = clusterOf(input.partitions, input.available);
  const placements: Placement[] = [];
  for (const hex of input.keys) {
    const keyBytes = hex === null ? null : Buffer.from(hex, 'hex');
    const key = keyBytes?.toString() ?? null;
    const record = { topic: input.topic, key, keyBytes, value: 'order', valueBytes: Buffer.from('order') };
    placements.push(await placement(() => partitioner.partition(record, cluster)));
  }
  return placements;
}

async function placement(place: () => unknown): Promise<Placement> {
  try {
    const returned = place();
    if (typeof returned === 'number') return { partition: returned };
    // Awaited, so that a promise that never settles is named as that.
    const isPromise = returned instanceof Promise;
    return { returned: `${isPromise ? 'a promise of ' : ''}${inspect(await returned)}` };
  } catch (error) {
    if (!(error instanceof Error) || error.message === NOT_STARTED) throw error;
    return { error: error.name, message: error.message };
  }
}

/** Sends the records through a producer that asks the answer where they go. Returns how many were acknowledged. */
export async function carryRecords(
  answer: Answer,
  input: { bootstrapServers: string; connection: object; topic: string; records: readonly CarriedRecord[] },
): Promise<number> {
  return carry({ ...input, partitioner: new answer.KeyPartitioner(), keySerializer: new StringSerializer() });
}
