import { ConfigError } from '../../src/producer/index';
import type { ProducerConfig } from '../../src/producer/index';

/** What a producer works with once defaults and rules have been applied. */
export interface ResolvedIdempotence {
  readonly enableIdempotence: boolean;
  /** `-1` is written as `all`. */
  readonly acks: 'all' | '1' | '0';
  readonly retries: number;
  readonly maxInFlight: number;
}

/**
 * What `enable.idempotence`, `acks`, `retries` and `max.in.flight.requests.per.connection` turn into, as in Kafka 4.4.
 * Throws a ConfigError for settings that contradict each other.
 */
export function resolveIdempotence(config: ProducerConfig): ResolvedIdempotence {
  // TODO: Apply the defaults and the rules of Kafka 4.4.
  // 1. Defaults: idempotence on, acks all, 2147483647 retries, 5 in flight. An acks of `-1` is `all`.
  // 2. With idempotence off (`enable.idempotence: false`) everything else stays as it was set.
  // 3. With idempotence on, more than five in flight is a ConfigError, asked for or not.
  // 4. With idempotence on, acks other than all, or retries 0:
  //    a ConfigError when the config names `enable.idempotence`; else idempotence is switched off without a word.
  throw new Error('not started yet');
}
