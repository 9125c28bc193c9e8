// caught by: metrics: the most records per CPU second that at least halve the bytes
import type { CompressionType } from '../../../src/producer/index';

// The best ratio for its CPU time, but half the bytes would have been enough.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'zstd',
  metrics: 'zstd',
  photos: 'none',
};
