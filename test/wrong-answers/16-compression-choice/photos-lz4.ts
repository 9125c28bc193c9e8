// caught by: photos: the least CPU
import type { CompressionType } from '../../../src/producer/index';

// Almost no CPU is not none.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'zstd',
  metrics: 'lz4',
  photos: 'lz4',
};
