import { ConfigError } from './errors';
import type { ResolvedConfigValues } from './producer-config-values';

/** First form: defaults only, no validation yet. */
export type ProducerConfig = Readonly<Record<string, unknown>>;

const DEFAULTS: ResolvedConfigValues = {
  acks: '-1',
  'batch.size': 16384,
  'linger.ms': 5,
  'buffer.memory': 33554432,
  'max.block.ms': 60000,
  'max.request.size': 1048576,
  'compression.type': 'none',
  'enable.idempotence': true,
  'max.in.flight.requests.per.connection': 5,
  retries: 2147483647,
  'retry.backoff.ms': 100,
  'retry.backoff.max.ms': 1000,
  'request.timeout.ms': 30000,
  'delivery.timeout.ms': 120000,
  'partitioner.ignore.keys': false,
  'partitioner.adaptive.partitioning.enable': true,
  'partitioner.availability.timeout.ms': 0,
  'metadata.max.age.ms': 300000,
  'metadata.max.idle.ms': 300000,
  'reconnect.backoff.ms': 50,
  'reconnect.backoff.max.ms': 1000,
  'socket.connection.setup.timeout.ms': 10000,
  'metrics.num.samples': 2,
  'metrics.sample.window.ms': 30000,
};
let producers = 0;

export function resolveProducerConfig(config: ProducerConfig): ResolvedConfigValues {
  if (config['bootstrap.servers'] === undefined) throw new ConfigError('bootstrap.servers is missing.');
  const resolved: Record<string, unknown> = {
    'client.id': `producer-${++producers}`,
    ...DEFAULTS,
    ...config,
  };
  if (!['all', '-1'].includes(String(resolved['acks']))) resolved['enable.idempotence'] = false;
  return resolved;
}
