// caught by: orders: the fewest bytes
import type { CompressionType } from '../../../src/producer/index';

// The CPU is spared, which was not the aim.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'none',
  metrics: 'lz4',
  photos: 'none',
};
