// caught by: has one request in flight
import type { ProducerConfig } from '../../../src/producer/index';

// More than five and idempotent do not go together.
export const maxReliability: ProducerConfig = {
  acks: 'all',
  'max.in.flight.requests.per.connection': 6,
};
