// caught by: has one request in flight
import type { ProducerConfig } from '../../../src/producer/index';

// Fewer than five is still more than one.
export const maxReliability: ProducerConfig = {
  acks: 'all',
  'max.in.flight.requests.per.connection': 2,
};
