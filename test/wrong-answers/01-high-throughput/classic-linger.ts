// caught by: quieter times: more records in a batch, and fewer requests
import type { ProducerConfig } from '../../../src/producer/index';

// The default of years ago, from an old blog post.
export const highThroughput: ProducerConfig = {
  'batch.size': 131_072,
  'linger.ms': 0,
  'compression.type': 'zstd',
};
