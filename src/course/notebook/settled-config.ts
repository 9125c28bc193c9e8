import { resolveProducerConfig } from '../../producer/index';
import type { ProducerConfig, ResolvedConfigValues } from '../../producer/index';

/** What is in force with this config, by Kafka's rules; no broker is asked. Throws ConfigError. */
export function settledConfig(config: ProducerConfig): ResolvedConfigValues {
  return resolveProducerConfig({ 'bootstrap.servers': 'localhost:9092', ...config });
}

/** A settled value as people write it: -1, which only acks can be, is `all`. */
export function asWritten(value: unknown): string {
  return value === '-1' ? 'all' : String(value);
}
