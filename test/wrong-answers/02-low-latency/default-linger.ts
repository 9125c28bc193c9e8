// caught by: a lone record leaves at once
import type { ProducerConfig } from '../../../src/producer/index';

// linger.ms has not been 0 by default since Kafka 4.0.
export const lowLatency: ProducerConfig = {
  'batch.size': 1,
  acks: '1',
};
