// caught by: metrics: the most records per CPU second that at least halve the bytes
import type { CompressionType } from '../../../src/producer/index';

// Nothing is faster, and nothing is halved.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'zstd',
  metrics: 'none',
  photos: 'none',
};
