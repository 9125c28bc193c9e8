// caught by: a burst: one record in a batch
import type { ProducerConfig } from '../../../src/producer/index';

// As large as a usual record; of small ones there is room for several.
export const lowLatency: ProducerConfig = {
  'batch.size': 256,
  'linger.ms': 0,
  acks: '1',
};
