// caught by: a rush: more records in a batch
import type { ProducerConfig } from '../../../src/producer/index';

// Memory is no reason for a batch to grow.
export const highThroughput: ProducerConfig = {
  'buffer.memory': 134_217_728,
  'compression.type': 'lz4',
  'linger.ms': 20,
};
