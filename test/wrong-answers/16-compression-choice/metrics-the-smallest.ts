// caught by: metrics: the most records per CPU second that at least halve the bytes
import type { CompressionType } from '../../../src/producer/index';

// The fewest bytes, for several times the CPU.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'zstd',
  metrics: 'gzip',
  photos: 'none',
};
