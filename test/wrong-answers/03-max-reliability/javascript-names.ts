// caught by: has one request in flight
import type { ProducerConfig } from '../../../src/producer/index';

// Names as JavaScript would write them: Kafka has none of these.
export const maxReliability: ProducerConfig = {
  ...({ maxInFlightRequestsPerConnection: 1 } as object),
};
