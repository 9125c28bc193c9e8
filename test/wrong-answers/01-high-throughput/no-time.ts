// caught by: quieter times: more records in a batch, and fewer requests
import type { ProducerConfig } from '../../../src/producer/index';

// Room for more, and no time for it to be used.
export const highThroughput: ProducerConfig = {
  'batch.size': 65_536,
  'compression.type': 'lz4',
};
