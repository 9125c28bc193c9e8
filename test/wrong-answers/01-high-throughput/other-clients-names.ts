// caught by: still safe: acks=all, and idempotent in effect
import type { ProducerConfig } from '../../../src/producer/index';

// The names of another client library.
export const highThroughput = {
  batchSize: 65_536,
  lingerMs: 50,
  compressionType: 'lz4',
} as unknown as ProducerConfig;
