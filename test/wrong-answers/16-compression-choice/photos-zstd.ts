// caught by: photos: the least CPU
import type { CompressionType } from '../../../src/producer/index';

// As good as any for text, and of no use to what is compressed already.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'zstd',
  metrics: 'lz4',
  photos: 'zstd',
};
