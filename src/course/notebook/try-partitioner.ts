import { partitionDistributionChart } from '../../charts/partition-distribution';
import { textDistribution } from '../../charts/text-chart';
import { murmur2, toPositive } from '../../producer/index';
import type { Cluster, Partitioner } from '../../producer/index';
import { chart } from './chart';

/** The message of the error that a stub throws. */
const NOT_STARTED = 'not started yet';

export interface KeyPartitionerTrial {
  readonly partitioner: Partitioner;
  readonly keys: readonly string[];
  readonly partitions: number;
  /** The exercise that the partitioner is the answer to, for the way there. */
  readonly exercise: string;
}

/** Places keys with a learner's own partitioner and draws them beside Kafka's own placement. Grades nothing. */
export async function tryKeyPartitioner(trial: KeyPartitionerTrial): Promise<void> {
  const { partitioner, keys, partitions, exercise } = trial;
  const expected = new Array<number>(partitions).fill(0);
  const measured = new Array<number>(partitions).fill(0);
  let misplaced = 0;
  for (const key of keys) {
    const right = toPositive(murmur2(Buffer.from(key))) % partitions;
    let placed: number;
    try {
      placed = place(partitioner, key, partitions);
    } catch (error) {
      console.log(explain(error, key, exercise));
      return;
    }
    const before = measured[placed];
    if (before === undefined) {
      console.log(
        `Your partitioner put the key "${key}" into ${placed}, which is no partition from 0 to ${partitions - 1}.`,
      );
      return;
    }
    measured[placed] = before + 1;
    expected[right] = (expected[right] ?? 0) + 1;
    if (placed !== right) misplaced += 1;
  }
  const title =
    misplaced === 0
      ? `Your partitioner places all ${keys.length} keys as Kafka does`
      : `Your partitioner places ${misplaced} of ${keys.length} keys elsewhere than Kafka does`;
  const distribution = { measured, expected, title };
  await chart(partitionDistributionChart(distribution), textDistribution(distribution));
}

function place(partitioner: Partitioner, key: string, partitions: number): number {
  const all = Array.from({ length: partitions }, (_, partition) => ({ partition, leader: 1 }));
  const cluster: Cluster = { partitionsForTopic: () => all, availablePartitionsForTopic: () => all };
  const keyBytes = Buffer.from(key);
  const value = { key, keyBytes, value: null, valueBytes: null };
  return partitioner.partition({ topic: 'orders', ...value }, cluster);
}

function explain(error: unknown, key: string, exercise: string): string {
  if (error instanceof Error && error.message === NOT_STARTED) {
    return `Not started yet: open exercises/${exercise}, fill in the stub, and run this cell again.`;
  }
  return `Your partitioner failed with the key "${key}": ${String(error)}`;
}
