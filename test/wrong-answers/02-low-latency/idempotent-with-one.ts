// caught by: the word of the leader, and of nobody else
import type { ProducerConfig } from '../../../src/producer/index';

// Set to true, idempotence insists on acks=all.
export const lowLatency: ProducerConfig = {
  'batch.size': 1,
  'linger.ms': 0,
  acks: '1',
  'enable.idempotence': true,
};
