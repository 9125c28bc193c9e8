// caught by: a burst: one record in a batch
import type { ProducerConfig } from '../../../src/producer/index';

// Less than the header of a batch, and still not what was asked for.
export const lowLatency: ProducerConfig = {
  'batch.size': 16,
  'linger.ms': 0,
  acks: '1',
};
