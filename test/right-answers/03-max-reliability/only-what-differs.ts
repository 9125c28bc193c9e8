import type { ProducerConfig } from '../../../src/producer/index';

// The rest is right by default.
export const maxReliability: ProducerConfig = {
  'max.in.flight.requests.per.connection': 1,
};
