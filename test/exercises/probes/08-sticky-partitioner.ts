import { SeededRandom } from '../../../src/support/seeded-random';
import { StringSerializer } from '../../../src/producer/index';
import type { Partitioner } from '../../../src/producer/index';
import { carry } from './support/carry';
import type { CarriedRecord, Carriage } from './support/carry';
import { placeAll } from './support/placing';
import type { AskedRecord, Placement } from './support/placing';

interface Answer {
  readonly StickyPartitioner: new (random?: () => number) => Partitioner;
}

function configured(partitioner: Partitioner, batchSize: number): Partitioner {
  partitioner.configure?.({ 'batch.size': batchSize, 'linger.ms': 5, 'client.id': 'producer-1' });
  return partitioner;
}

/** The given numbers over and over. */
function cycle(numbers: readonly number[]): () => number {
  let next = 0;
  return () => numbers[next++ % numbers.length]!;
}

export interface PlaceInput {
  readonly partitions: number;
  readonly batchSize: number;
  readonly records: readonly AskedRecord[];
  /** What the partitioner draws from: a seed, or these very numbers over and over. */
  readonly random: number | readonly number[];
}

/** Where one instance of the answer puts these records, one after the other, without any broker. */
export function place(answer: Answer, input: PlaceInput): Promise<Placement[]> {
  const { partitions, batchSize, records, random } = input;
  const draw = typeof random === 'number' ? new SeededRandom(random).fraction : cycle(random);
  return placeAll(configured(new answer.StickyPartitioner(draw), batchSize), partitions, records);
}

/** The same without a random of ours: the answer has to have one. */
export function placeByDefault(answer: Answer, input: Omit<PlaceInput, 'random'>): Promise<Placement[]> {
  const partitioner = configured(new answer.StickyPartitioner(), input.batchSize);
  return placeAll(partitioner, input.partitions, input.records);
}

export interface Stay {
  readonly available: readonly number[];
  readonly placements: Placement[];
}

/** Sends a few records, takes the leader of the partition they went to away, and again: one stay for each round. */
export async function loseLeaders(
  answer: Answer,
  input: { partitions: number; batchSize: number; value: string; recordsPerStay: number; stays: number },
): Promise<Stay[]> {
  const { partitions, batchSize, value, recordsPerStay } = input;
  const partitioner = configured(new answer.StickyPartitioner(new SeededRandom(5).fraction), batchSize);
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const stays: Stay[] = [];
  let gone = -1;
  for (let stay = 0; stay < input.stays; stay++) {
    const available = all.filter((partition) => partition !== gone);
    const record = { topic: 'orders', value, available };
    const records = Array.from({ length: recordsPerStay }, () => record);
    const placements = await placeAll(partitioner, partitions, records);
    stays.push({ available, placements });
    const last = placements.at(-1)!;
    gone = 'partition' in last ? last.partition : -1;
  }
  return stays;
}

/** Sends the records through a producer that asks the answer where they go. Returns how many were acknowledged. */
export function carryRecords(
  answer: Answer,
  input: Pick<Carriage<string>, 'bootstrapServers' | 'connection' | 'topic' | 'config' | 'flushEvery'> & {
    records: readonly CarriedRecord[];
  },
): Promise<number> {
  const partitioner = new answer.StickyPartitioner(new SeededRandom(8).fraction);
  return carry({ ...input, partitioner, valueSerializer: new StringSerializer() });
}
