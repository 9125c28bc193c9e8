import { inspect } from 'node:util';
import { NOT_STARTED } from '../../../../src/course/grading/answer-protocol';
import type { Cluster, Partitioner } from '../../../../src/producer/index';

/** A partition, something else that was returned (in words), or the error that came instead. */
export type Placement =
  | { readonly partition: number }
  | { readonly returned: string }
  | { readonly error: string; readonly message: string };

/** A record that a partitioner is asked about. */
export interface AskedRecord {
  readonly topic: string;
  /** The key's bytes in hexadecimal; null or left out: no key. */
  readonly key?: string | null;
  /** What the application sent; a text unless said otherwise. */
  readonly value?: unknown;
  /** The partitions that have a leader when this record comes; all of them when left out. */
  readonly available?: readonly number[];
}

/** A topic of which only some partitions have a leader at the moment. */
export function clusterOf(partitions: number, available?: readonly number[]): Cluster {
  const all = Array.from({ length: partitions }, (_, partition) => ({
    partition,
    leader: available === undefined || available.includes(partition) ? 1 : -1,
  }));
  return {
    partitionsForTopic: () => all,
    availablePartitionsForTopic: () => all.filter(({ leader }) => leader >= 0),
  };
}

/** Where the partitioner puts each record, asked one after the other, without any broker. */
export async function placeAll(
  partitioner: Partitioner,
  partitions: number,
  records: readonly AskedRecord[],
): Promise<Placement[]> {
  const placements: Placement[] = [];
  for (const { topic, key = null, value = 'order', available } of records) {
    const keyBytes = key === null ? null : Buffer.from(key, 'hex');
    const record = {
      topic,
      key: keyBytes?.toString() ?? null,
      keyBytes,
      value,
      valueBytes: bytesOf(value),
    };
    const cluster = clusterOf(partitions, available);
    placements.push(await placement(() => partitioner.partition(record, cluster)));
  }
  return placements;
}

/** Texts as they are, everything else as JSON; null has no bytes. */
function bytesOf(value: unknown): Buffer | null {
  if (value === null || value === undefined) return null;
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8');
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
