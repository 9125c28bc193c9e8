// caught by: switches idempotence off for retries 0, unless it was asked for
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // Only acks and the requests in flight looked at.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  const wanted = config['enable.idempotence'] ?? true;
  if (wanted && maxInFlight > 5) throw new ConfigError('too many in flight');
  if (wanted && 'enable.idempotence' in config && acks !== 'all') throw new ConfigError('acks');
  return { enableIdempotence: wanted && acks === 'all', acks, retries, maxInFlight };
}
