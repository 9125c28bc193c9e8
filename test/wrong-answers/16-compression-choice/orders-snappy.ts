// caught by: orders: the fewest bytes
import type { CompressionType } from '../../../src/producer/index';

// Cheap, and twice the bytes.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'snappy',
  metrics: 'lz4',
  photos: 'none',
};
