// caught by: a lone record leaves at once
import type { ProducerConfig } from '../../../src/producer/index';

// A little is not nothing.
export const lowLatency: ProducerConfig = {
  'batch.size': 0,
  'linger.ms': 1,
  acks: '1',
};
