// caught by: a burst: one record in a batch
import type { ProducerConfig } from '../../../src/producer/index';

// The config of exercise 01, with quicker answers.
export const lowLatency: ProducerConfig = {
  'batch.size': 65_536,
  'linger.ms': 50,
  'compression.type': 'lz4',
  acks: '1',
};
