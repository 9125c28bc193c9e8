import type { KafkaDescription } from '../../broker/index';
import { ByteArraySerializer, KafkaProducer, StringSerializer } from '../../producer/index';
import type { KafkaProducerOptions, ProducerConfig } from '../../producer/index';

export type BytesProducer = KafkaProducer<string, Uint8Array>;

/** A producer for ready-made values, which is what experiments send: serializing is no part of what they measure. */
export function bytesProducer(
  kafka: Pick<KafkaDescription, 'bootstrapServers'> & Partial<Pick<KafkaDescription, 'connection'>>,
  config: ProducerConfig,
  options: Partial<KafkaProducerOptions<string, Uint8Array>> = {},
): BytesProducer {
  return new KafkaProducer<string, Uint8Array>(
    { ...config, 'bootstrap.servers': kafka.bootstrapServers },
    {
      keySerializer: new StringSerializer(),
      valueSerializer: new ByteArraySerializer(),
      connection: kafka.connection,
      ...options,
    },
  );
}

/** The value of one metric of the producer as a whole, or NaN where it has none. */
export function metricOf(producer: Pick<BytesProducer, 'metrics'>, name: string): number {
  const found = producer
    .metrics()
    .find((metric) => metric.name === name && metric.group === 'producer-metrics');
  return found?.value ?? NaN;
}
