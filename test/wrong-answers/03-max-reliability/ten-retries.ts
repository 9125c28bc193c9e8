// caught by: tries again for as long as there is time
import type { ProducerConfig } from '../../../src/producer/index';

// Ten tries with a tenth of a second between them are over before a broker is back.
export const maxReliability: ProducerConfig = {
  acks: 'all',
  'enable.idempotence': true,
  retries: 10,
  'max.in.flight.requests.per.connection': 1,
};
