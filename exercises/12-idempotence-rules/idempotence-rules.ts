import { ConfigError } from '../../src/producer/index';
import type { ProducerConfig } from '../../src/producer/index';

/** The resolved settings, after defaults and rules. */
export interface ResolvedIdempotence {
  readonly enableIdempotence: boolean;
  /** `-1` is written as `all`. */
  readonly acks: 'all' | '1' | '0';
  readonly retries: number;
  readonly maxInFlight: number;
}

/**
 * Resolves `enable.idempotence`, `acks`, `retries` and `max.in.flight.requests.per.connection` as Kafka 4.4 does. Throws a
 * ConfigError for settings that contradict each other.
 */
export function resolveIdempotence(config: ProducerConfig): ResolvedIdempotence {
  // TODO: Apply the defaults and the rules of Kafka 4.4.
  // 1. Defaults: idempotence on, acks all, 2147483647 retries, 5 in flight. An acks of `-1` is `all`.
  // 2. With idempotence off (`enable.idempotence: false`) everything else stays as set.
  // 3. With idempotence on, more than five in flight is a ConfigError, whether it was set explicitly or not.
  // 4. With idempotence on, acks other than all, or retries 0:
  //    a ConfigError when the config names `enable.idempotence`; otherwise idempotence is switched off without an error.
  throw new Error('not started yet');
}
