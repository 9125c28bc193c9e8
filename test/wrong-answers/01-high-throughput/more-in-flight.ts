// caught by: still safe: acks=all, and idempotent in effect
import type { ProducerConfig } from '../../../src/producer/index';

// More than five in flight: refused since Kafka 4.0.
export const highThroughput: ProducerConfig = {
  'batch.size': 65_536,
  'linger.ms': 50,
  'compression.type': 'lz4',
  'max.in.flight.requests.per.connection': 20,
};
