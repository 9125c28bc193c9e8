// caught by: fewer bytes on the wire
import type { ProducerConfig } from '../../../src/producer/index';

// Large batches, sent as they are.
export const highThroughput: ProducerConfig = {
  'batch.size': 65_536,
  'linger.ms': 50,
};
