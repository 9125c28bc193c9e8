// caught by: gives an idempotent producer by default
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // -1 taken for an acks below all.
  const acks = config.acks ?? 'all';
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  const explicit = 'enable.idempotence' in config;
  const wanted = config['enable.idempotence'] ?? true;
  if (wanted && maxInFlight > 5) throw new ConfigError('too many in flight');
  const fits = acks === 'all' && retries > 0;
  if (wanted && explicit && !fits) throw new ConfigError('contradicts enable.idempotence');
  return { enableIdempotence: wanted && fits, acks, retries, maxInFlight };
}
