import type { Acks } from '../../protocol/messages';
import type { ResolvedConfigValues } from '../producer-config-values';
import type { CompressionType } from '../../protocol/compression';

const MAX_INT = 2_147_483_647;

/** The resolved config as the producer's parts use it. Milliseconds and bytes. */
export interface ProducerSettings {
  readonly clientId: string;
  readonly bootstrapServers: string;
  readonly acks: Acks;
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly bufferMemory: number;
  readonly maxBlockMs: number;
  readonly maxRequestSize: number;
  readonly compressionType: CompressionType;
  readonly compressionLevel: number | undefined;
  readonly enableIdempotence: boolean;
  readonly maxInFlightRequests: number;
  readonly retries: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly requestTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly ignoreKeys: boolean;
  readonly adaptivePartitioning: boolean;
  readonly partitionAvailabilityTimeoutMs: number;
  readonly metadataMaxAgeMs: number;
  readonly metadataMaxIdleMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly socketConnectionSetupTimeoutMs: number;
  readonly metricsSamples: number;
  readonly metricsWindowMs: number;
}

export function settingsOf(config: ResolvedConfigValues): ProducerSettings {
  const number = (name: string) => config[name] as number;
  const compressionType = config['compression.type'] as CompressionType;
  return {
    clientId: config['client.id'] as string,
    bootstrapServers: addresses(config['bootstrap.servers']),
    acks: acksOf(config['acks']),
    // 0 switches batching off; a batch of one byte holds one record, since the first always fits (C-21).
    batchSize: Math.max(1, number('batch.size')),
    lingerMs: Math.min(number('linger.ms'), MAX_INT),
    bufferMemory: number('buffer.memory'),
    maxBlockMs: number('max.block.ms'),
    maxRequestSize: number('max.request.size'),
    compressionType,
    compressionLevel: config[`compression.${compressionType}.level`] as number | undefined,
    enableIdempotence: config['enable.idempotence'] as boolean,
    maxInFlightRequests: number('max.in.flight.requests.per.connection'),
    retries: number('retries'),
    retryBackoffMs: number('retry.backoff.ms'),
    retryBackoffMaxMs: number('retry.backoff.max.ms'),
    requestTimeoutMs: number('request.timeout.ms'),
    deliveryTimeoutMs: number('delivery.timeout.ms'),
    ignoreKeys: config['partitioner.ignore.keys'] as boolean,
    adaptivePartitioning: config['partitioner.adaptive.partitioning.enable'] as boolean,
    partitionAvailabilityTimeoutMs: number('partitioner.availability.timeout.ms'),
    metadataMaxAgeMs: number('metadata.max.age.ms'),
    metadataMaxIdleMs: number('metadata.max.idle.ms'),
    reconnectBackoffMs: number('reconnect.backoff.ms'),
    reconnectBackoffMaxMs: number('reconnect.backoff.max.ms'),
    socketConnectionSetupTimeoutMs: number('socket.connection.setup.timeout.ms'),
    metricsSamples: number('metrics.num.samples'),
    metricsWindowMs: number('metrics.sample.window.ms'),
  };
}

function acksOf(acks: unknown): Acks {
  if (acks === '0' || acks === 0) return 0;
  return acks === '1' || acks === 1 ? 1 : -1;
}

function addresses(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : (value as string);
}
