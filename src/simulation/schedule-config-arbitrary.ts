import fc from 'fast-check';
import type { ProducerConfig } from '../producer/producer-config-values';
import { CONFIG_CHOICES as OF } from './schedule-choices';
import { among, defined, mostly, presentIn, rarely, sometimes } from './schedule-chance';

/** Kafka's defaults, which the combinations below are checked against. */
const DEFAULTS = { lingerMs: 5, requestTimeoutMs: 30_000, maxBlockMs: 60_000, retryBackoffMaxMs: 1000 };
const MOST_TIMES = 60;

/** acks, idempotence, retries and requests in flight, in combinations that Kafka 4.4 accepts. */
const reliability: fc.Arbitrary<ProducerConfig> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: among(1, 2, 5).map((inFlight) => ({ [IN_FLIGHT()]: inFlight })) },
  { weight: 1, arbitrary: among(10, 3, 1).map((retries) => ({ retries })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(among('1', '0' as const), among(1, 5))
      .map(([acks, inFlight]) => ({ acks, [IN_FLIGHT()]: inFlight })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        'enable.idempotence': fc.constant(false),
        acks: sometimes(among('1', '0' as const)),
        'max.in.flight.requests.per.connection': sometimes(among(1, 2, 6)),
        retries: sometimes(among(0, 1, 3)),
      })
      .map((config) => defined(config)),
  },
);

function IN_FLIGHT(): 'max.in.flight.requests.per.connection' {
  return 'max.in.flight.requests.per.connection';
}

const batching = fc
  .record({
    'linger.ms': sometimes(among(...OF['linger.ms'])),
    'batch.size': presentIn(2, among(...OF['batch.size'])),
    'buffer.memory': presentIn(2, among(...OF['buffer.memory'])),
    'max.block.ms': mostly(among(...OF['max.block.ms'])),
    'max.request.size': rarely(among(...OF['max.request.size'])),
    'compression.type': presentIn(5, among(...OF['compression.type'])),
  })
  .map((config) => defined(config));

const time = fc
  .record({
    'request.timeout.ms': mostly(among(...OF['request.timeout.ms'])),
    extraMs: mostly(among(1000, 0, 100, 5000)),
    'retry.backoff.ms': sometimes(among(...OF['retry.backoff.ms'])),
    'retry.backoff.max.ms': rarely(among(...OF['retry.backoff.max.ms'])),
    'reconnect.backoff.ms': rarely(among(...OF['reconnect.backoff.ms'])),
    'metadata.max.age.ms': rarely(among(...OF['metadata.max.age.ms'])),
    'metadata.max.idle.ms': rarely(among(...OF['metadata.max.idle.ms'])),
  })
  .map((config) => defined(config));

const partitioning = fc
  .record({
    'partitioner.ignore.keys': rarely(among(...OF['partitioner.ignore.keys'])),
    'partitioner.adaptive.partitioning.enable': rarely(
      among(...OF['partitioner.adaptive.partitioning.enable']),
    ),
    'partitioner.availability.timeout.ms': rarely(among(...OF['partitioner.availability.timeout.ms'])),
  })
  .map((config) => defined(config));

/** What is left out has Kafka's default. */
export const producerConfigs: fc.Arbitrary<ProducerConfig> = fc
  .tuple(reliability, batching, time, partitioning)
  .map(([reliable, batched, { extraMs, ...timed }, partitioned]) => {
    const config: ProducerConfig = { ...reliable, ...batched, ...timed, ...partitioned };
    return withinReason(extraMs === undefined ? config : { ...config, ...deliveryTimeout(config, extraMs) });
  });

/** At least linger.ms + request.timeout.ms, or it is no config. */
export function deliveryTimeout(config: ProducerConfig, extraMs: number): ProducerConfig {
  const lingerMs = Number(config['linger.ms'] ?? DEFAULTS.lingerMs);
  const requestTimeoutMs = Number(config['request.timeout.ms'] ?? DEFAULTS.requestTimeoutMs);
  return { 'delivery.timeout.ms': lingerMs + requestTimeoutMs + extraMs };
}

/**
 * A producer that does something every 10 ms does it 12,000 times until delivery.timeout.ms is over, which is right, slow, and
 * nothing new: so what it does often, it does for a shorter time.
 */
function withinReason(config: ProducerConfig): ProducerConfig {
  const paceMs = Math.min(
    Number(
      config['retry.backoff.ms'] === 0 ? 0 : (config['retry.backoff.max.ms'] ?? DEFAULTS.retryBackoffMaxMs),
    ),
    Number(config['metadata.max.age.ms'] ?? Infinity),
  );
  return paceMs >= DEFAULTS.retryBackoffMaxMs
    ? config
    : inShortTime(config, Math.max(paceMs * MOST_TIMES, 100));
}

/** The same config, with all of its work done within about `ms` milliseconds. */
export function inShortTime(config: ProducerConfig, ms: number): ProducerConfig {
  const atMost = (name: 'max.block.ms' | 'request.timeout.ms', defaultMs: number) =>
    Math.min(ms, Number(config[name] ?? defaultMs));
  const short: ProducerConfig = {
    ...config,
    'max.block.ms': atMost('max.block.ms', DEFAULTS.maxBlockMs),
    'request.timeout.ms': atMost('request.timeout.ms', DEFAULTS.requestTimeoutMs),
  };
  const { 'delivery.timeout.ms': longest } = deliveryTimeout(short, ms);
  const deliveryMs = Math.min(Number(longest), Number(config['delivery.timeout.ms'] ?? Infinity));
  return { ...short, 'delivery.timeout.ms': deliveryMs };
}
