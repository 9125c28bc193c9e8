// caught by: still safe: acks=all, and idempotent in effect
import type { ProducerConfig } from '../../../src/producer/index';

// Faster answers, paid for with acknowledged records that may be lost.
export const highThroughput: ProducerConfig = {
  'batch.size': 65_536,
  'linger.ms': 50,
  'compression.type': 'lz4',
  acks: '1',
};
