import type { CompressionType } from '../../../src/producer/index';

// As small as zstd, and as quick as lz4: the other one of each pair.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'gzip',
  metrics: 'snappy',
  photos: 'none',
};
