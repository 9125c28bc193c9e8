import type { ProducerConfig } from '../../../src/producer/index';

const base: ProducerConfig = { 'bootstrap.servers': 'kafka.shop.example:9092', acks: 'all' };

// bootstrap.servers is no part of the answer, and does no harm.
export const highThroughput: ProducerConfig = {
  ...base,
  'batch.size': 100_000,
  'linger.ms': 25,
  'compression.type': 'gzip',
};
