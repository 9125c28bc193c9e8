import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

// Defaults spread first, then Java's order: retries, acks, requests in flight.
const DEFAULTS = {
  'enable.idempotence': true,
  acks: 'all',
  retries: 2 ** 31 - 1,
  'max.in.flight.requests.per.connection': 5,
} satisfies ProducerConfig;

export const resolveIdempotence = (config: ProducerConfig) => {
  const all: ProducerConfig = { ...DEFAULTS, ...config };
  const acks = all.acks === '-1' ? 'all' : all.acks;
  const asked = Object.keys(config).includes('enable.idempotence');
  let enableIdempotence = all['enable.idempotence'];
  if (enableIdempotence) {
    const obstacles = [];
    if (all.retries === 0) obstacles.push('retries');
    if (acks !== 'all') obstacles.push('acks');
    if (asked && obstacles.length > 0)
      throw new ConfigError(`${obstacles.join(', ')} and enable.idempotence`);
    if (all['max.in.flight.requests.per.connection']! > 5) throw new ConfigError('in flight');
    enableIdempotence = obstacles.length === 0;
  }
  return {
    enableIdempotence,
    acks,
    retries: all.retries,
    maxInFlight: all['max.in.flight.requests.per.connection'],
  };
};
