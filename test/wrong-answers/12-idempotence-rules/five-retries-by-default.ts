// caught by: gives an idempotent producer by default
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // The default of another client.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 5;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  const wanted = config['enable.idempotence'] ?? true;
  if (wanted && maxInFlight > 5) throw new ConfigError('too many in flight');
  const fits = acks === 'all' && retries > 0;
  if (wanted && !fits && 'enable.idempotence' in config)
    throw new ConfigError('contradicts enable.idempotence');
  return { enableIdempotence: wanted && fits, acks, retries, maxInFlight };
}
