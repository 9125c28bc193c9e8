import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

/** An error class of its own, and a result that says more than was asked. */
class ContradictionError extends ConfigError {}

export function resolveIdempotence(config: ProducerConfig) {
  const { acks: set = 'all', retries = 2147483647 } = config;
  const { 'max.in.flight.requests.per.connection': maxInFlight = 5 } = config;
  const acks = { all: 'all', '-1': 'all', '1': '1', '0': '0' }[set];
  const asked = config['enable.idempotence'];
  const reason = acks === 'all' ? (retries > 0 ? '' : 'no retries') : 'not all replicas answer';
  if (asked !== false && maxInFlight > 5) throw new ContradictionError(`${maxInFlight} in flight`);
  if (asked === true && reason !== '') throw new ContradictionError(reason);
  return { enableIdempotence: asked !== false && reason === '', acks, retries, maxInFlight, reason };
}
