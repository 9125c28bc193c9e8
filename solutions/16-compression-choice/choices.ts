import type { CompressionType } from '../../src/producer/index';

/** What to send; the README says what each workload looks like. */
export type Workload = 'orders' | 'metrics' | 'photos';

/**
 * The best `compression.type` ('none', 'gzip', 'snappy', 'lz4' or 'zstd') for the aim of each workload, as measured:
 * orders – the fewest bytes; metrics – the most records per CPU second among those that at least halve the bytes;
 * photos – the least CPU.
 */
// @todo Choose one for each: replace every undecided() by a codec, such as 'gzip'.
// @stub export const choices: Record<Workload, CompressionType> = {
// @stub   orders: undecided(),
// @stub   metrics: undecided(),
// @stub   photos: undecided(),
// @stub };
// @stub
// @stub function undecided(): CompressionType {
// @stub   throw new Error('not started yet');
// @stub }
export const choices: Record<Workload, CompressionType> = {
  // Only bytes count, so a codec that looks hard for repetition wins, whatever CPU it takes.
  orders: 'zstd',
  // Halving is easy when records repeat each other, so the cheapest codec that does it wins.
  metrics: 'lz4',
  // A JPEG has no repetition left. Every codec would read all of it and return as many bytes as before.
  photos: 'none',
};
// @end
