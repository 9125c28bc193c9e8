// caught by: loses, doubles and reorders nothing while acknowledgements get lost
import type { ProducerConfig } from '../../../src/producer/index';

// All replicas, endless retries, and no numbers: what is sent again is written again.
export const maxReliability: ProducerConfig = {
  acks: 'all',
  'enable.idempotence': false,
  'max.in.flight.requests.per.connection': 1,
};
