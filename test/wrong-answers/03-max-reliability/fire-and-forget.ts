// caught by: loses, doubles and reorders nothing while acknowledgements get lost
import type { ProducerConfig } from '../../../src/producer/index';

// Nobody answers, so nothing is ever known to be lost.
export const maxReliability: ProducerConfig = {
  acks: '0',
  'max.in.flight.requests.per.connection': 1,
};
