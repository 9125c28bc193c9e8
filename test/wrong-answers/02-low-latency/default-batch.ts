// caught by: a burst: one record in a batch
import type { ProducerConfig } from '../../../src/producer/index';

// Without lingering, batches of a burst still fill while others are under way.
export const lowLatency: ProducerConfig = {
  'linger.ms': 0,
  acks: '1',
};
