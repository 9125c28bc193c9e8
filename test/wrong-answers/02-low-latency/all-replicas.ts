// caught by: the word of the leader, and of nobody else
import type { ProducerConfig } from '../../../src/producer/index';

// acks is 'all' unless said otherwise.
export const lowLatency: ProducerConfig = {
  'batch.size': 1,
  'linger.ms': 0,
};
