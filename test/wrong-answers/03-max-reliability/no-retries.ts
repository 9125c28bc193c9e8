// caught by: tries again for as long as there is time
import type { ProducerConfig } from '../../../src/producer/index';

// What is not sent again is not doubled, says somebody. It is lost.
export const maxReliability: ProducerConfig = {
  acks: 'all',
  retries: 0,
  'max.in.flight.requests.per.connection': 1,
};
