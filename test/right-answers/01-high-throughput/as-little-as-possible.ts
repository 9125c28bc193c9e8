import type { ProducerConfig } from '../../../src/producer/index';

// Only what differs from the defaults, and not by much.
export const highThroughput: ProducerConfig = {
  'batch.size': 32_768,
  'linger.ms': 20,
  'compression.type': 'snappy',
};
