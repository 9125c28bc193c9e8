import type { ProducerConfig } from '../../../src/producer/index';

// Everything said aloud, with the alias of 'all', and more of everything.
export const highThroughput: ProducerConfig = Object.freeze({
  'client.id': 'order-import',
  'batch.size': 256 * 1024,
  'linger.ms': 100,
  'compression.type': 'zstd',
  'compression.zstd.level': 1,
  'buffer.memory': 64 * 1024 * 1024,
  acks: '-1',
  'enable.idempotence': true,
  'max.in.flight.requests.per.connection': 5,
} as const);
