// caught by: the word of the leader, and of nobody else
import type { ProducerConfig } from '../../../src/producer/index';

// Nothing is quicker than not waiting for an answer.
export const lowLatency: ProducerConfig = {
  'batch.size': 1,
  'linger.ms': 0,
  acks: '0',
};
