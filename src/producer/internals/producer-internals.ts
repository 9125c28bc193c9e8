import type { KafkaConnectionOptions } from '../../network/connection-options';
import { KafkaJsNetworkClient } from '../../network/kafkajs-network-client';
import type { NetworkClient } from '../../network/network-client';
import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import type { ProducerParts } from '../producer-parts';
import { AppendBuffers } from '../../protocol/append-buffers';
import { BatchCompletion } from './batch-completion';
import { isSendable } from './batch-readiness';
import { BufferPool } from './buffer-pool';
import { codecFor } from '../../protocol/compression';
import { ExponentialBackoff } from './exponential-backoff';
import { Idempotence } from './idempotence';
import { ProducerMetadata } from './metadata';
import { ProducerMetrics } from './metrics';
import type { ProducerSettings } from './producer-settings';
import { RecordAccumulator } from './record-accumulator';
import { Sender } from './sender';
import { SenderLoop } from './sender-loop';

/** Buffers that lie ready for the next batches; more would only keep memory from others. */
const LARGEST_FREE_LIST = 64 * 1024 * 1024;

export interface ProducerInternalsOptions {
  readonly settings: ProducerSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly parts: ProducerParts;
  readonly connection: KafkaConnectionOptions;
  readonly network: NetworkClient | null;
  readonly trace: TraceListener | null;
}

/** Everything behind send(), put together. */
export interface ProducerInternals {
  readonly network: NetworkClient;
  readonly metadata: ProducerMetadata;
  readonly metrics: ProducerMetrics;
  readonly idempotence: Idempotence | null;
  readonly accumulator: RecordAccumulator;
  readonly sender: Sender;
  readonly loop: SenderLoop;
}

export function assembleProducerInternals(options: ProducerInternalsOptions): ProducerInternals {
  const { settings, clock, random, parts, trace } = options;
  const retryBackoff = new ExponentialBackoff({
    initialMs: settings.retryBackoffMs,
    maxMs: settings.retryBackoffMaxMs,
    random,
  });
  // The sender, the metadata and the network call for each other; this is the one knot.
  const wakeup = () => loop.wakeup();
  const network = options.network ?? connect(options);
  network.onReadyChange(wakeup);
  const metadata = new ProducerMetadata({
    clock,
    maxAgeMs: settings.metadataMaxAgeMs,
    maxIdleMs: settings.metadataMaxIdleMs,
    backoff: retryBackoff,
    onUpdateRequested: wakeup,
  });
  const metrics = new ProducerMetrics({
    clientId: settings.clientId,
    clock,
    totalMemory: settings.bufferMemory,
    samples: settings.metricsSamples,
    windowMs: settings.metricsWindowMs,
  });
  const idempotence = settings.enableIdempotence ? new Idempotence(parts.sequenceTracker ?? null) : null;
  const shared = { clock, trace, metadata, metrics, idempotence, retryBackoff };
  const accumulator = assembleAccumulator(options, shared);
  const completion = new BatchCompletion({
    ...shared,
    accumulator,
    retries: settings.retries,
    deliveryTimeoutMs: settings.deliveryTimeoutMs,
    guaranteeOrder: settings.maxInFlightRequests === 1,
  });
  const sender = new Sender({ ...shared, ...settings, accumulator, completion, network, onWork: wakeup });
  const loop = new SenderLoop(sender, clock, (error) => {
    accumulator.close();
    metadata.fail(error, clock.now());
    accumulator.abortIncompleteBatches(error);
  });
  metrics.connect({
    availableMemory: () => accumulator.pool.availableMemory,
    waitingThreads: () => accumulator.pool.queued,
    requestsInFlight: () => sender.requestsInFlight,
    metadataAgeMs: () => metadata.ageMs(clock.now()),
  });
  return { network, metadata, metrics, idempotence, accumulator, sender, loop };
}

interface SharedParts {
  readonly clock: Clock;
  readonly trace: TraceListener | null;
  readonly metadata: ProducerMetadata;
  readonly metrics: ProducerMetrics;
  readonly idempotence: Idempotence | null;
  readonly retryBackoff: ExponentialBackoff;
}

function assembleAccumulator(
  { settings, clock, random, parts }: ProducerInternalsOptions,
  shared: SharedParts,
): RecordAccumulator {
  return new RecordAccumulator({
    ...shared,
    ...settings,
    random,
    codec: codecFor(settings.compressionType, settings.compressionLevel),
    pool: parts.bufferPool ?? new BufferPool(settings.bufferMemory, clock),
    buffers: new AppendBuffers(Math.min(settings.bufferMemory, LARGEST_FREE_LIST)),
    isSendable: parts.isSendable ?? isSendable,
  });
}

function connect({ settings, clock, random, connection }: ProducerInternalsOptions): NetworkClient {
  return new KafkaJsNetworkClient({
    ...connection,
    ...settings,
    maxInFlightRequestsPerConnection: settings.maxInFlightRequests,
    clock,
    random,
  });
}
