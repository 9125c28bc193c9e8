import type { CompressionType } from '../../src/producer/index';

/** What is to be sent; the README says what each of them looks like. */
export type Workload = 'orders' | 'metrics' | 'photos';

/**
 * The best `compression.type` ('none', 'gzip', 'snappy', 'lz4' or 'zstd') for each workload's aim, as measured:
 * orders – the fewest bytes; metrics – the most records per CPU second among those that at least halve the bytes;
 * photos – the least CPU.
 */
// @todo Choose, one for each: replace every undecided() by a codec, such as 'gzip'.
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
  // Bytes are all that counts, so the codec that looks hardest for repetition wins, whatever it costs.
  orders: 'zstd',
  // Half the bytes is easy for data that repeats itself, so among those that manage, the cheapest wins.
  metrics: 'lz4',
  // A JPEG has no repetition left. Every codec would work through it all and hand back as many bytes as before.
  photos: 'none',
};
// @end
