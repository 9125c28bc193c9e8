import type { ProducerConfig } from '../../../src/producer/index';

// The four, and more patience than the default of two minutes.
export const maxReliability: ProducerConfig = {
  'max.in.flight.requests.per.connection': 1,
  acks: 'all',
  'delivery.timeout.ms': 600_000,
  'request.timeout.ms': 60_000,
  'compression.type': 'zstd',
  'linger.ms': 20,
};
