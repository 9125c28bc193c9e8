import { StringSerializer } from '../../../src/producer/index';
import type { Partitioner } from '../../../src/producer/index';
import { carry } from './support/carry';
import type { CarriedRecord } from './support/carry';
import { placeAll } from './support/placing';
import type { Placement } from './support/placing';

interface Answer {
  readonly KeyPartitioner: new () => Partitioner;
}

/** Where the answer places keys, given as hexadecimal bytes (null: no key), without any broker. */
export function place(
  answer: Answer,
  input: {
    topic: string;
    keys: readonly (string | null)[];
    partitions: number;
    available: readonly number[];
  },
): Promise<Placement[]> {
  const { topic, keys, partitions, available } = input;
  return placeAll(
    new answer.KeyPartitioner(),
    partitions,
    keys.map((key) => ({ topic, key, available })),
  );
}

/** Sends the records through a producer that asks the answer where they go. Returns how many were acknowledged. */
export function carryRecords(
  answer: Answer,
  input: { bootstrapServers: string; connection: object; topic: string; records: readonly CarriedRecord[] },
): Promise<number> {
  const partitioner = new answer.KeyPartitioner();
  return carry({ ...input, partitioner, valueSerializer: new StringSerializer() });
}
