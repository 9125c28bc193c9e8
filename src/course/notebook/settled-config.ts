import { resolveProducerConfig } from '../../producer/index';
import type { ProducerConfig, ResolvedConfigValues } from '../../producer/index';

/** Returns the resolved config, by Kafka's rules, without asking a broker. Throws ConfigError. */
export function settledConfig(config: ProducerConfig): ResolvedConfigValues {
  return resolveProducerConfig({ 'bootstrap.servers': 'localhost:9092', ...config });
}

/** Returns a resolved value as people write it: -1, which only acks can be, is `all`. */
export function asWritten(value: unknown): string {
  return value === '-1' ? 'all' : String(value);
}
