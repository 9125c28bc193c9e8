import { chiSquareTail } from './chi-square';

/** How records spread over the partitions of a topic. */
export interface PartitionStats {
  readonly partitions: number;
  readonly records: number;
  /** Records per partition; the index is the partition. */
  readonly counts: readonly number[];
  /** The partition with the most records (the first of several), or null when there are no records. */
  readonly hottestPartition: number | null;
  readonly emptyPartitions: number;
  readonly mean: number;
  /** Records of the fullest partition over the mean: 1 is even, `partitions` is everything in one. */
  readonly maxOverMean: number;
  /** Standard deviation over the mean: 0 is even. */
  readonly coefficientOfVariation: number;
  /** Of the hypothesis that each record goes to each partition with equal probability. */
  readonly chiSquare: number;
  /**
   * How often a fair choice of partition for each record spreads at least this unevenly. Small (below 0.01): not chance.
   * Close to 1: more even than chance, as round robin is. 1 for a single partition or no records.
   */
  readonly pValue: number;
}

/** Skew figures of `counts`, records per partition. */
export function partitionStats(counts: readonly number[]): PartitionStats {
  if (counts.length === 0) throw new RangeError('A topic has at least one partition; no counts were given.');
  counts.forEach((count, partition) => {
    if (!Number.isInteger(count) || count < 0) {
      throw new RangeError(
        `Records per partition are whole numbers from 0 on; partition ${partition} has ${count}.`,
      );
    }
  });
  const partitions = counts.length;
  const records = counts.reduce((sum, count) => sum + count, 0);
  const mean = records / partitions;
  const most = Math.max(...counts);
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  const chiSquare = records === 0 ? 0 : squares / mean;
  return {
    partitions,
    records,
    counts: [...counts],
    hottestPartition: records === 0 ? null : counts.indexOf(most),
    emptyPartitions: counts.filter((count) => count === 0).length,
    mean,
    maxOverMean: records === 0 ? 1 : most / mean,
    coefficientOfVariation: records === 0 ? 0 : Math.sqrt(squares / partitions) / mean,
    chiSquare,
    pValue: partitions === 1 || records === 0 ? 1 : chiSquareTail(chiSquare, partitions - 1),
  };
}

/** Counts `partitions`, one number per record. A partition that the topic does not have is an error. */
export function countPerPartition(partitions: Iterable<number>, partitionCount: number): number[] {
  const counts = new Array<number>(partitionCount).fill(0);
  for (const partition of partitions) {
    if (counts[partition] === undefined) {
      throw new RangeError(
        `Partition ${partition} is not one of the ${partitionCount} partitions of the topic.`,
      );
    }
    counts[partition]++;
  }
  return counts;
}
