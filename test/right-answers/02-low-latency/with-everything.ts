import type { ProducerConfig } from '../../../src/producer/index';

const NEVER_WAIT = 0;

// What follows from acks=1 said aloud, and a bound on how long a record may be tried.
export const lowLatency: ProducerConfig = Object.freeze({
  'client.id': 'prices',
  'linger.ms': NEVER_WAIT,
  'batch.size': 1,
  acks: '1',
  'enable.idempotence': false,
  'compression.type': 'none',
  'max.in.flight.requests.per.connection': 5,
  'request.timeout.ms': 2_000,
  'delivery.timeout.ms': 5_000,
} as const);
