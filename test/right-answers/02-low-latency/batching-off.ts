import type { ProducerConfig } from '../../../src/producer/index';

// 0 switches batching off, as Kafka's documentation puts it.
export const lowLatency: ProducerConfig = { acks: '1', 'linger.ms': 0, 'batch.size': 0 };
