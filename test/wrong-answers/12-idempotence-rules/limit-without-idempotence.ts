// caught by: leaves everything as it was set when idempotence is off
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // At most five in flight for everybody.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  if (maxInFlight > 5) throw new ConfigError('too many in flight');
  const wanted = config['enable.idempotence'] ?? true;
  const fits = acks === 'all' && retries > 0;
  if (wanted && !fits && 'enable.idempotence' in config)
    throw new ConfigError('contradicts enable.idempotence');
  return { enableIdempotence: wanted && fits, acks, retries, maxInFlight };
}
