// caught by: photos: the least CPU
import type { CompressionType } from '../../../src/producer/index';

// One codec for everything, as on a slide.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'zstd',
  metrics: 'zstd',
  photos: 'zstd',
};
