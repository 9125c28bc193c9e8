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
  // @todo Apply the defaults and the rules of Kafka 4.4.
  // 1. Defaults: idempotence on, acks all, 2147483647 retries, 5 in flight. An acks of `-1` is `all`.
  // 2. With idempotence off (`enable.idempotence: false`) everything else stays as set.
  // 3. With idempotence on, more than five in flight is a ConfigError, whether it was set explicitly or not.
  // 4. With idempotence on, acks other than all, or retries 0:
  //    a ConfigError when the config names `enable.idempotence`; otherwise idempotence is switched off without an error.
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? 2_147_483_647;
  const maxInFlight = config['max.in.flight.requests.per.connection'] ?? 5;
  // Whether somebody set it. The value alone cannot tell, since the default is true as well.
  const explicit = 'enable.idempotence' in config;
  const wanted = config['enable.idempotence'] ?? true;
  if (!wanted) return { enableIdempotence: false, acks, retries, maxInFlight };

  // The broker remembers five batches of each producer: a sixth in flight could no longer be recognised as a duplicate.
  // Checked first, as in Kafka: more than 5 is an error even when acks=1 or retries=0 would switch idempotence off.
  if (maxInFlight > 5) {
    throw new ConfigError(
      `max.in.flight.requests.per.connection is ${maxInFlight}, and an idempotent producer takes at most 5: lower it, or set enable.idempotence to false.`,
    );
  }
  // Without the acknowledgement of all in-sync replicas, or without retries, idempotence cannot keep its promise.
  const unfit = acks !== 'all' ? `acks is ${acks}` : retries === 0 ? 'retries is 0' : undefined;
  if (unfit !== undefined && explicit) {
    throw new ConfigError(
      `${unfit}, and enable.idempotence is true: an idempotent producer needs acks=all and at least one retry.`,
    );
  }
  return { enableIdempotence: unfit === undefined, acks, retries, maxInFlight };
  // @end
}
