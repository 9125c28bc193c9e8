// caught by: waits for all replicas in sync
import type { ProducerConfig } from '../../../src/producer/index';

// Asked for by name, idempotence insists on all replicas: the producer refuses this.
export const maxReliability: ProducerConfig = {
  acks: '1',
  'enable.idempotence': true,
  'max.in.flight.requests.per.connection': 1,
};
