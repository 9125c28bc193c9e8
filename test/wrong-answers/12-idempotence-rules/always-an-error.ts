// caught by: switches idempotence off for acks below all, unless it was asked for
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // An error for every contradiction, also when nobody asked for idempotence.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  const wanted = config['enable.idempotence'] ?? true;
  if (wanted && (acks !== 'all' || retries === 0 || maxInFlight > 5)) throw new ConfigError('contradiction');
  return { enableIdempotence: wanted, acks, retries, maxInFlight };
}
