// caught by: refuses more than five in flight, asked for or not
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // The limit asked for only if idempotence is still on after acks and retries have been looked at.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  const explicit = 'enable.idempotence' in config;
  let enableIdempotence = config['enable.idempotence'] ?? true;
  if (enableIdempotence && (acks !== 'all' || retries === 0)) {
    if (explicit) throw new ConfigError('contradicts enable.idempotence');
    enableIdempotence = false;
  }
  if (enableIdempotence && maxInFlight > 5) throw new ConfigError('too many in flight');
  return { enableIdempotence, acks, retries, maxInFlight };
}
