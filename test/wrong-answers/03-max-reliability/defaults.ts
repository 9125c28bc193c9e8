// caught by: has one request in flight
import type { ProducerConfig } from '../../../src/producer/index';

// Right in three of four.
export const maxReliability: ProducerConfig = {
  acks: 'all',
  'enable.idempotence': true,
  retries: 2_147_483_647,
};
