// caught by: photos: the least CPU
import type { CompressionType } from '../../../src/producer/index';

// The cheapest codec still looks at every byte.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'zstd',
  metrics: 'lz4',
  photos: 'snappy',
};
