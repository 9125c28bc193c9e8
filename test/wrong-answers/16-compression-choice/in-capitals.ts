// caught by: orders: the fewest bytes
import type { CompressionType } from '../../../src/producer/index';

// compression.type is written in small letters.
export const choices = { orders: 'ZSTD', metrics: 'LZ4', photos: 'NONE' } as unknown as Record<
  string,
  CompressionType
>;
