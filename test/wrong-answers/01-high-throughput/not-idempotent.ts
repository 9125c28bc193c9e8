// caught by: still safe: acks=all, and idempotent in effect
import type { ProducerConfig } from '../../../src/producer/index';

// Sequence numbers were thought to cost time.
export const highThroughput: ProducerConfig = {
  'batch.size': 65_536,
  'linger.ms': 50,
  'compression.type': 'lz4',
  'enable.idempotence': false,
};
