import { formatCount } from '../../charts/format-number';
import { partitionComparisonChart, partitionDistributionChart } from '../../charts/partition-distribution';
import { placementsChart, recordsInARow } from '../../charts/placements';
import { textDistribution } from '../../charts/text-chart';
import { orderBytes, type Order } from '../../lab/order';
import { countPerPartition } from '../../lab/log/partition-stats';
import { PriorityPartitioner } from '../../lab/priority-partitioner';
import { SeededRandom } from '../../support/seeded-random';
import {
  BuiltInPartitioner,
  murmur2,
  RoundRobinPartitioner,
  toPositive,
  type Cluster,
  type Partitioner,
  type PartitionerRecord,
} from '../../producer/index';
import { chart } from './chart';
import { OddAnswer, tryAnswer } from './try-answer';

export interface PartitionerTrial {
  /** Constructed for each trial, so that nothing of the last one is left in it. */
  readonly Partitioner: new (random?: () => number) => Partitioner;
  readonly orders: readonly Order[];
  readonly partitions: number;
}

export type PartitionerExercise = keyof typeof TRIALS;

const BATCH_SIZE = 16_384;
const SEED = 3;
const TOPIC = 'orders';
const SUBTITLE = 'Computed without a broker. Above: the rule. Below: yours';

/** Places orders with a learner's own partitioner and draws them beside the reference. Grades nothing. */
export function tryPartitioner(exercise: PartitionerExercise, trial: PartitionerTrial): Promise<void> {
  return tryAnswer(exercise, () => TRIALS[exercise](trial));
}

const TRIALS = {
  '06-key-partitioner': tryKeys,
  '07-round-robin-partitioner': tryTurns,
  '08-sticky-partitioner': trySticky,
  '09-priority-partitioner': tryPriorities,
} as const;

/** By key: exact, so every order that lies elsewhere is counted. */
async function tryKeys({ Partitioner, orders, partitions }: PartitionerTrial): Promise<void> {
  const keyed = orders.filter(({ customerId }) => customerId !== null);
  const yours = placeAll(new Partitioner(), keyed, partitions);
  const right = placeAll({ partition: byKey }, keyed, partitions);
  const misplaced = yours.filter((partition, at) => partition !== right[at]).length;
  const title =
    misplaced === 0
      ? `Your partitioner places all ${formatCount(keyed.length)} orders as Kafka does`
      : `Your partitioner places ${formatCount(misplaced)} of ${formatCount(keyed.length)} orders elsewhere than Kafka does`;
  const measured = countPerPartition(yours, partitions);
  const distribution = { measured, expected: countPerPartition(right, partitions), title };
  await chart(partitionDistributionChart(distribution), textDistribution(distribution));
}

async function tryTurns({ Partitioner, orders, partitions }: PartitionerTrial): Promise<void> {
  const reference = placeAll(new RoundRobinPartitioner(), orders, partitions);
  const yours = placeAll(new Partitioner(), orders, partitions);
  const broken = yours.findIndex((partition, at) => {
    // A partition has its next turn when all others have had theirs.
    return at >= partitions && partition !== yours[at - partitions];
  });
  const firstRound = new Set(yours.slice(0, partitions)).size;
  const title =
    broken < 0 && firstRound === Math.min(partitions, yours.length)
      ? `Your partitioner takes turns through all ${formatCount(yours.length)} orders`
      : `Your partitioner breaks the turns at order ${broken < 0 ? 1 : broken + 1}`;
  await drawBoth("Kafka's", reference, yours, title);
}

/** Records without a key: which partition is drawn is chance, how long it stays is not. */
async function trySticky({ Partitioner, orders, partitions }: PartitionerTrial): Promise<void> {
  const keyless = orders.map((order) => ({ ...order, customerId: null }));
  const reference = placeAll(byteCountingSticky(), keyless, partitions);
  const yours = placeAll(new Partitioner(new SeededRandom(SEED).fraction), keyless, partitions);
  const [rules, own] = [recordsInARow(reference), recordsInARow(yours)].map(Math.round);
  await drawBoth(
    'the rule of exercise 08',
    reference,
    yours,
    `Your partitioner stays for ${own} orders on average, the rule of exercise 08 for ${rules}`,
  );
}

async function tryPriorities({ Partitioner, orders, partitions }: PartitionerTrial): Promise<void> {
  const yours = placeAll(new Partitioner(new SeededRandom(SEED).fraction), orders, partitions);
  const reference = placeAll(new PriorityPartitioner(new SeededRandom(SEED).fraction), orders, partitions);
  // Where a guest's order goes is chance: only the others can be misplaced.
  const misplaced = orders.filter(({ priority, customerId }, at) => {
    return (priority === 'HIGH' || customerId !== null) && yours[at] !== reference[at];
  }).length;
  const title =
    misplaced === 0
      ? `Your partitioner puts every HIGH order into partition 0, and the others by key`
      : `Your partitioner places ${formatCount(misplaced)} of ${formatCount(orders.length)} orders elsewhere`;
  const ofPriority = (high: boolean) =>
    yours.filter((_partition, at) => (orders[at]?.priority === 'HIGH') === high);
  const series = [
    { name: 'the rule', records: countPerPartition(reference, partitions) },
    { name: 'yours: HIGH', records: countPerPartition(ofPriority(true), partitions) },
    { name: 'yours: others', records: countPerPartition(ofPriority(false), partitions) },
  ];
  await chart(partitionComparisonChart({ series, title }));
}

function drawBoth(
  rule: string,
  reference: readonly number[],
  yours: readonly number[],
  title: string,
  shown?: number,
): Promise<void> {
  const series = [
    { name: rule, partitions: reference },
    { name: 'yours', partitions: yours },
  ];
  return chart(placementsChart({ series, title, subtitle: SUBTITLE, shown }));
}

function placeAll(partitioner: Partitioner, orders: readonly Order[], partitions: number): number[] {
  const all = Array.from({ length: partitions }, (_, partition) => ({ partition, leader: 1 }));
  const cluster: Cluster = { partitionsForTopic: () => all, availablePartitionsForTopic: () => all };
  partitioner.configure?.({ 'batch.size': BATCH_SIZE, 'linger.ms': 5, 'client.id': 'trial' });
  return orders.map((order) => {
    const key = order.customerId;
    const keyBytes = key === null ? null : Buffer.from(key);
    const record = { topic: TOPIC, key, keyBytes, value: order, valueBytes: orderBytes(order) };
    const partition = partitioner.partition(record, cluster);
    if (all[partition] !== undefined) return partition;
    throw new OddAnswer(
      `Your partitioner put ${order.orderId} into ${String(partition)}, which is no partition from 0 to ${partitions - 1}.`,
    );
  });
}

function byKey({ keyBytes, topic }: PartitionerRecord, cluster: Cluster): number {
  return toPositive(murmur2(keyBytes ?? Buffer.alloc(0))) % cluster.partitionsForTopic(topic).length;
}

/**
 * The rule of exercise 08. Kafka's own counts the bytes by which the batch grows, puts off a switch while the open batch has
 * room, and is asked by the accumulator.
 */
function byteCountingSticky(): Partitioner {
  const sticky = new BuiltInPartitioner(TOPIC, BATCH_SIZE, new SeededRandom(SEED).fraction);
  return {
    partition({ valueBytes }, cluster) {
      const current = sticky.current(cluster);
      sticky.update(current, valueBytes?.length ?? 0, cluster, true);
      return current.partition;
    },
  };
}
