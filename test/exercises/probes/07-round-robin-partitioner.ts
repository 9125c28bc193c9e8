import { StringSerializer } from '../../../src/producer/index';
import type { Partitioner } from '../../../src/producer/index';
import { carry } from './support/carry';
import type { CarriedRecord } from './support/carry';
import { placeAll } from './support/placing';
import type { AskedRecord, Placement } from './support/placing';

interface Answer {
  readonly RoundRobinPartitioner: new () => Partitioner;
}

/** Where one instance of the answer puts these records, one after the other, without any broker. */
export function place(
  answer: Answer,
  input: { partitions: number; records: readonly AskedRecord[] },
): Promise<Placement[]> {
  return placeAll(new answer.RoundRobinPartitioner(), input.partitions, input.records);
}

/** Sends the records through a producer that asks the answer where they go. Returns how many were acknowledged. */
export function carryRecords(
  answer: Answer,
  input: { bootstrapServers: string; connection: object; topic: string; records: readonly CarriedRecord[] },
): Promise<number> {
  const partitioner = new answer.RoundRobinPartitioner();
  return carry({ ...input, partitioner, valueSerializer: new StringSerializer() });
}
