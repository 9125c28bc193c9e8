// caught by: switches idempotence off for acks below all, unless it was asked for
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // Acks and retries quietly repaired instead of the contradiction being reported.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  const wanted = config['enable.idempotence'] ?? true;
  if (!wanted) return { enableIdempotence: false, acks, retries, maxInFlight };
  if (maxInFlight > 5) throw new ConfigError('too many in flight');
  return { enableIdempotence: true, acks: 'all', retries: Math.max(1, retries), maxInFlight };
}
