// caught by: a lone record leaves at once
import type { ProducerConfig } from '../../../src/producer/index';

// The units are milliseconds, and the wrong way round.
export const lowLatency: ProducerConfig = {
  'batch.size': 1,
  'linger.ms': 60_000,
  acks: '1',
};
