// caught by: orders: the fewest bytes
import type { CompressionType } from '../../../src/producer/index';

// lz4 is good advice where nothing else is known; here bytes are all that counts.
export const choices: Record<'orders' | 'metrics' | 'photos', CompressionType> = {
  orders: 'lz4',
  metrics: 'lz4',
  photos: 'none',
};
