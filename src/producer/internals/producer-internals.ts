import type { KafkaConnectionOptions } from '../../network/connection-options';
import { KafkaJsNetworkClient } from '../../network/kafkajs-network-client';
import type { KafkaError } from '../../protocol/errors';
import type { NetworkClient } from '../../network/network-client';
import type { Clock } from '../../support/clock';
import type { EventLoop } from '../../support/event-loop';
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
  readonly eventLoop: EventLoop;
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
  const { settings, clock, eventLoop, random, parts, trace } = options;
  const retryBackoff = new ExponentialBackoff({
    initialMs: settings.retryBackoffMs,
    maxMs: settings.retryBackoffMaxMs,
    random,
  });
  // retry.backoff.ms may be 0, and without a connection requests fail at once: the producer would do nothing else.
  const pauseAfterFailureMs = Math.max(1, settings.reconnectBackoffMs);
  // The sender, the metadata, the accumulator and the network wake the loop, which runs the sender: the one knot.
  const wakeup = () => loop.wakeup();
  const network = options.network ?? connect(options);
  network.onReadyChange(wakeup);
  const metadata = new ProducerMetadata({
    clock,
    maxAgeMs: settings.metadataMaxAgeMs,
    maxIdleMs: settings.metadataMaxIdleMs,
    backoff: retryBackoff,
    pauseAfterFailureMs,
    onUpdateRequested: wakeup,
    trace,
  });
  const metrics = new ProducerMetrics({
    clientId: settings.clientId,
    clock,
    totalMemory: settings.bufferMemory,
    samples: settings.metricsSamples,
    windowMs: settings.metricsWindowMs,
  });
  const idempotence = settings.enableIdempotence ? new Idempotence(parts.sequenceTracker ?? null) : null;
  const accumulator = new RecordAccumulator({
    batchSize: settings.batchSize,
    lingerMs: settings.lingerMs,
    deliveryTimeoutMs: settings.deliveryTimeoutMs,
    adaptivePartitioning: settings.adaptivePartitioning,
    partitionAvailabilityTimeoutMs: settings.partitionAvailabilityTimeoutMs,
    codec: codecFor(settings.compressionType, settings.compressionLevel),
    pool: parts.bufferPool ?? new BufferPool(settings.bufferMemory, clock),
    buffers: new AppendBuffers(Math.min(settings.bufferMemory, LARGEST_FREE_LIST)),
    isSendable: parts.isSendable ?? isSendable,
    retryBackoff,
    clock,
    random,
    metadata,
    metrics,
    idempotence,
    trace,
    onSenderNeeded: (topic) => {
      // Once per batch is often enough to keep the topic from being forgotten.
      metadata.add(topic, clock.now());
      wakeup();
    },
  });
  const completion = new BatchCompletion({
    accumulator,
    metadata,
    metrics,
    idempotence,
    clock,
    trace,
    retries: settings.retries,
    deliveryTimeoutMs: settings.deliveryTimeoutMs,
    guaranteeOrder: settings.maxInFlightRequests === 1,
  });
  const sender = new Sender({
    network,
    accumulator,
    completion,
    metadata,
    metrics,
    idempotence,
    clock,
    trace,
    retryBackoff,
    pauseAfterFailureMs,
    maxRequestSize: settings.maxRequestSize,
    acks: settings.acks,
    requestTimeoutMs: settings.requestTimeoutMs,
    deliveryTimeoutMs: settings.deliveryTimeoutMs,
    maxInFlightRequests: settings.maxInFlightRequests,
    onWork: wakeup,
  });
  const onFailure = (error: KafkaError) => {
    accumulator.close();
    metadata.fail(error, clock.now());
    accumulator.abortIncompleteBatches(() => error);
  };
  const loop = new SenderLoop({ sender, clock, eventLoop, onFailure });
  metrics.connect({
    availableMemory: () => accumulator.pool.availableMemory,
    waitingThreads: () => accumulator.waiting,
    requestsInFlight: () => sender.requestsInFlight,
    metadataAgeMs: () => metadata.ageMs(clock.now()),
  });
  return { network, metadata, metrics, idempotence, accumulator, sender, loop };
}

function connect({ settings, clock, random, connection }: ProducerInternalsOptions): NetworkClient {
  return new KafkaJsNetworkClient({
    ...connection,
    bootstrapServers: settings.bootstrapServers,
    clientId: settings.clientId,
    requestTimeoutMs: settings.requestTimeoutMs,
    maxInFlightRequestsPerConnection: settings.maxInFlightRequests,
    reconnectBackoffMs: settings.reconnectBackoffMs,
    reconnectBackoffMaxMs: settings.reconnectBackoffMaxMs,
    socketConnectionSetupTimeoutMs: settings.socketConnectionSetupTimeoutMs,
    clock,
    random,
  });
}
