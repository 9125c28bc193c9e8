import type { Order } from '../../../src/lab/order';
import { SeededRandom } from '../../../src/support/seeded-random';
import { JsonSerializer } from '../../../src/producer/index';
import type { Partitioner } from '../../../src/producer/index';
import { carry } from './support/carry';
import type { CarriedRecord } from './support/carry';
import { placeAll } from './support/placing';
import type { AskedRecord, Placement } from './support/placing';

interface Answer {
  readonly PriorityPartitioner: new (random?: () => number) => Partitioner;
}

/**
 * Where one instance of the answer puts these records, one after the other, without any broker. `seed`: what it draws
 * from; null leaves that to the answer.
 */
export function place(
  answer: Answer,
  input: { partitions: number; records: readonly AskedRecord[]; seed: number | null },
): Promise<Placement[]> {
  const { partitions, records, seed } = input;
  const partitioner =
    seed === null
      ? new answer.PriorityPartitioner()
      : new answer.PriorityPartitioner(new SeededRandom(seed).fraction);
  return placeAll(partitioner, partitions, records);
}

/** Sends the orders through a producer that asks the answer where they go. Returns how many were acknowledged. */
export function carryOrders(
  answer: Answer,
  input: {
    bootstrapServers: string;
    connection: object;
    topic: string;
    records: readonly CarriedRecord<Order>[];
  },
): Promise<number> {
  const partitioner = new answer.PriorityPartitioner(new SeededRandom(9).fraction);
  return carry({ ...input, partitioner, valueSerializer: new JsonSerializer<Order>() });
}
