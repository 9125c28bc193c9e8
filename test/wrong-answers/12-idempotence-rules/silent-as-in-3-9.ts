// caught by: refuses more than five in flight, asked for or not
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

export function resolveIdempotence(config: ProducerConfig) {
  // More than five in flight switches idempotence off in silence: true until Kafka 3.9.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  const explicit = 'enable.idempotence' in config;
  const wanted = config['enable.idempotence'] ?? true;
  const fits = acks === 'all' && retries > 0 && maxInFlight <= 5;
  if (wanted && !fits && explicit) throw new ConfigError('contradicts enable.idempotence');
  return { enableIdempotence: wanted && fits, acks, retries, maxInFlight };
}
