// caught by: a rush: more records in a batch
import type { ProducerConfig } from '../../../src/producer/index';

// Waiting longer for batches that were full long ago.
export const highThroughput: ProducerConfig = {
  'linger.ms': 50,
  'compression.type': 'zstd',
};
