import type { CompressionType } from '../../src/producer/index';

/** What to send; the README says what each workload looks like. */
export type Workload = 'orders' | 'metrics' | 'photos';

/**
 * The best `compression.type` ('none', 'gzip', 'snappy', 'lz4' or 'zstd') for the aim of each workload, as measured:
 * orders – the fewest bytes; metrics – the most records per CPU second among those that at least halve the bytes;
 * photos – the least CPU.
 */
// TODO: Choose one for each: replace every undecided() by a codec, such as 'gzip'.
export const choices: Record<Workload, CompressionType> = {
  orders: undecided(),
  metrics: undecided(),
  photos: undecided(),
};
function undecided(): CompressionType {
  throw new Error('not started yet');
}
