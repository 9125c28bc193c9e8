import { formatCount, formatRecords, formatShare } from './format-number';

/** Records per partition; the index is the partition. */
export type RecordsPerPartition = readonly number[];

/** The largest difference between partitions, as a share of the mean, that still reads as even. */
const EVEN_WITHIN = 0.25;
/** A partition with more than this times the mean is worth naming. */
const HOT_FROM = 1.5;
/** How many partitions a title names before it only counts them. */
const MAX_LISTED = 6;

export function totalRecords(records: RecordsPerPartition): number {
  return records.reduce((sum, count) => sum + count, 0);
}

/** Says in a sentence what a distribution shows: how even it is, or which partition stands out. */
export function describeSpread(records: RecordsPerPartition): string {
  const total = totalRecords(records);
  const used = records.filter((count) => count > 0).length;
  if (records.length === 0 || total === 0) return 'No records were found in any partition';
  const most = Math.max(...records);
  const hottest = records.indexOf(most);
  if (records.length === 1) return `The topic has one partition, which took all ${formatRecords(total)}`;
  if (used === 1) return `Partition ${hottest} took all ${formatRecords(total)}, the others nothing`;

  const mean = total / records.length;
  const least = Math.min(...records);
  if (most - least <= mean * EVEN_WITHIN) {
    const each = most === least ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
    return `${formatRecords(total)}, spread evenly: ${each} per partition`;
  }
  const finding =
    most >= mean * HOT_FROM
      ? `Partition ${hottest} took ${formatShare(most / total)} of ${formatRecords(total)}`
      : `${formatRecords(total)}, ${formatCount(least)} to ${formatCount(most)} per partition`;
  const empty = records.length - used;
  return empty === 0 ? finding : `${finding}, and ${empty} of ${records.length} partitions got none`;
}

/**
 * How a measured distribution differs from the expected one. Equal counts do not prove that each record is in its place,
 * so the sentence speaks of counts only.
 */
export function describeDifference(expected: RecordsPerPartition, measured: RecordsPerPartition): string {
  const total = totalRecords(measured);
  const expectedTotal = totalRecords(expected);
  if (total !== expectedTotal) {
    return `${formatRecords(total)} arrived where ${formatCount(expectedTotal)} were expected`;
  }
  const partitions = Math.max(expected.length, measured.length);
  let surplus = 0;
  const differing: number[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const difference = (measured[partition] ?? 0) - (expected[partition] ?? 0);
    if (difference !== 0) differing.push(partition);
    if (difference > 0) surplus += difference;
  }
  if (differing.length === 0)
    return `Every partition holds as many records as expected (${formatCount(total)} in all)`;
  const where = differing.length === partitions ? 'every partition' : listPartitions(differing);
  return `At least ${formatCount(surplus)} of ${formatRecords(total)} went to the wrong partition: ${where} ${
    differing.length === 1 || differing.length === partitions ? 'differs' : 'differ'
  }`;
}

function listPartitions(partitions: readonly number[]): string {
  const shown = partitions.slice(0, MAX_LISTED).join(', ');
  const more = partitions.length - MAX_LISTED;
  return `partition${partitions.length === 1 ? '' : 's'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
