// caught by: lets the broker tell a resend from new data
import type { ProducerConfig } from '../../../src/producer/index';

// acks=1 switches idempotence off without a word, since nobody asked for it by name.
export const maxReliability: ProducerConfig = {
  acks: '1',
  retries: 2_147_483_647,
  'max.in.flight.requests.per.connection': 1,
};
