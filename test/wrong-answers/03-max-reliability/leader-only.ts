// caught by: waits for all replicas in sync
import type { ProducerConfig } from '../../../src/producer/index';

// The leader has it: until it breaks down before its followers have asked.
export const maxReliability: ProducerConfig = {
  acks: '1',
  'max.in.flight.requests.per.connection': 1,
};
