// caught by: loses, doubles and reorders nothing while acknowledgements get lost
import type { ProducerConfig } from '../../../src/producer/index';

// From the page about throughput: not idempotent, and five at a time.
export const maxReliability: ProducerConfig = {
  acks: 'all',
  'enable.idempotence': false,
  'max.in.flight.requests.per.connection': 5,
  'linger.ms': 50,
};
