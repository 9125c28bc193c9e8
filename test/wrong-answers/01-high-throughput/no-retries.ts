// caught by: still safe: acks=all, and idempotent in effect
import type { ProducerConfig } from '../../../src/producer/index';

// Looks harmless, and switches idempotence off without a word.
export const highThroughput: ProducerConfig = {
  'batch.size': 65_536,
  'linger.ms': 50,
  'compression.type': 'lz4',
  retries: 0,
};
