// caught by: switches idempotence off for acks below all, unless it was asked for
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // An error, but not one that says it is about the config.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  const wanted = config['enable.idempotence'] ?? true;
  if (wanted && maxInFlight > 5) throw new ConfigError('too many in flight');
  const fits = acks === 'all' && retries > 0;
  if (wanted && !fits && 'enable.idempotence' in config) throw new Error('acks or retries do not fit');
  return { enableIdempotence: wanted && fits, acks, retries, maxInFlight };
}
