import { NetworkFailure } from '../../network/network-client';
import type { Acks, ClusterMetadata, ProduceResponse, ProducerIdResponse } from '../../protocol/messages';
import type { NetworkClient } from '../../network/network-client';
import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import { errorForCode } from '../../protocol/error-codes';
import { KafkaError } from '../../protocol/errors';
import type { BatchAnswer, BatchCompletion } from './batch-completion';
import type { ExponentialBackoff } from './exponential-backoff';
import type { Idempotence } from './idempotence';
import type { ProducerMetadata } from './metadata';
import type { ProducerMetrics } from './metrics';
import type { ProducerBatch } from './producer-batch';
import type { RecordAccumulator } from './record-accumulator';

const NETWORK_EXCEPTION = 13;
/** Bytes of a Produce request around the batches: header, acks, timeout, and a topic and partition per batch. */
const REQUEST_OVERHEAD = 60;
const BATCH_OVERHEAD = 12;
/** A node that cannot take a request announces when it can; this is for one that does not. */
const NOT_READY_RECHECK_MS = 50;
/** Then it is asked again who leads what the node is believed to lead. */
const UNREACHABLE_AFTER_MS = 100;

export interface SenderOptions {
  readonly network: NetworkClient;
  readonly accumulator: RecordAccumulator;
  readonly completion: BatchCompletion;
  readonly metadata: ProducerMetadata;
  readonly metrics: ProducerMetrics;
  readonly idempotence: Idempotence | null;
  readonly clock: Clock;
  readonly retryBackoff: ExponentialBackoff;
  readonly maxRequestSize: number;
  readonly acks: Acks;
  readonly requestTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly maxInFlightRequests: number;
  readonly trace: TraceListener | null;
  /** An answer has come in: `runOnce()` should be called soon. */
  readonly onWork: () => void;
}

interface Request {
  readonly number: number;
  readonly node: number;
  readonly batches: readonly ProducerBatch[];
  readonly sentMs: number;
}

/**
 * Takes batches out of the accumulator and brings them to the brokers: Java's Sender. It has no loop of its own; `runOnce()`
 * does what can be done at this moment and says when to come back, so that every rule can be tested step by step.
 */
export class Sender {
  readonly #options: SenderOptions;
  /** Answers that have arrived since the last step, in their order. */
  readonly #inbox: (() => void)[] = [];
  readonly #inFlight = new Set<Request>();
  readonly #inFlightByNode = new Map<number, number>();
  readonly #unreachableSinceMs = new Map<number, number>();
  #requests = 0;
  #fetchingMetadata = false;
  #askingForProducerId = false;
  #producerIdAttempts = 0;
  #nextProducerIdAttemptMs = -Infinity;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  get requestsInFlight(): number {
    return this.#inFlight.size;
  }

  inFlightTo(nodeId: number): number {
    return this.#inFlightByNode.get(nodeId) ?? 0;
  }

  /** Nothing waits, is under way, or has come in. */
  get isIdle(): boolean {
    return this.#inFlight.size === 0 && this.#inbox.length === 0 && !this.#options.accumulator.hasUndrained();
  }

  /** One step. Returns the milliseconds after which the next one is due at the latest; events make it due earlier. */
  runOnce(): number {
    const nowMs = this.#options.clock.now();
    // Before the answers: what comes too late is too late, even if it is here already (H-07).
    this.#expireBatches(nowMs);
    this.#takeAnswers();
    const idempotenceTimeoutMs = this.#maintainIdempotence(nowMs);
    const metadataTimeoutMs = this.#maintainMetadata(nowMs);
    if (this.#abortIfFatal()) return metadataTimeoutMs;
    const sendTimeoutMs = this.#sendProducerData(nowMs);
    return Math.min(sendTimeoutMs, metadataTimeoutMs, idempotenceTimeoutMs, this.#timeToNextExpiryMs(nowMs));
  }

  // ---- producing -----------------------------------------------------------------------------------------------------

  #sendProducerData(nowMs: number): number {
    const { accumulator, metadata, maxRequestSize } = this.#options;
    const ready = accumulator.ready(nowMs);
    for (const topic of ready.unknownLeaderTopics) metadata.add(topic, nowMs);
    if (ready.unknownLeaderTopics.size > 0 && !metadata.updateRequested) metadata.requestUpdate();

    let timeoutMs = ready.nextReadyCheckDelayMs;
    for (const node of ready.readyNodes) {
      const canTake = this.#canTakeRequest(node);
      accumulator.updateNodeLatencyStats(node, nowMs, canTake);
      if (canTake) {
        this.#unreachableSinceMs.delete(node);
        continue;
      }
      this.#askWhoLeads(node, nowMs);
      ready.readyNodes.delete(node);
      timeoutMs = Math.min(timeoutMs, NOT_READY_RECHECK_MS);
    }
    const drained = accumulator.drain(ready.readyNodes, maxRequestSize, nowMs);
    for (const [node, batches] of drained) this.#send(node, batches, nowMs);
    // There may be more for the same nodes. Where nothing could be taken, an event has to come first.
    return drained.size > 0 ? 0 : timeoutMs;
  }

  /**
   * A leader that cannot be connected to may have crashed, and its partitions may have another one by now: Java's
   * NetworkClient asks for new metadata whenever a connection breaks or fails. A first connection is given some time.
   */
  #askWhoLeads(node: number, nowMs: number): void {
    if (this.inFlightTo(node) > 0) return;
    const sinceMs = this.#unreachableSinceMs.get(node);
    if (sinceMs !== undefined && nowMs - sinceMs < UNREACHABLE_AFTER_MS) return;
    this.#unreachableSinceMs.set(node, nowMs);
    if (sinceMs !== undefined) this.#options.metadata.requestUpdate();
  }

  #canTakeRequest(node: number): boolean {
    return this.inFlightTo(node) < this.#options.maxInFlightRequests && this.#options.network.ready(node);
  }

  #send(node: number, batches: readonly ProducerBatch[], nowMs: number): void {
    const { network, accumulator, metrics, acks, requestTimeoutMs, maxInFlightRequests } = this.#options;
    const request: Request = { number: ++this.#requests, node, batches, sentMs: nowMs };
    let size = REQUEST_OVERHEAD;
    let records = 0;
    const produceBatches = batches.map((batch) => {
      // In one go with handing the bytes over: afterwards they must not change.
      const bytes = batch.close();
      batch.inRequest = true;
      if (maxInFlightRequests === 1) accumulator.mute(batch.topic, batch.partition);
      metrics.recordBatch(batch);
      size += bytes.length + BATCH_OVERHEAD;
      records += batch.recordCount;
      return { topic: batch.topic, partition: batch.partition, bytes };
    });
    metrics.recordRequestRecords(records);
    metrics.recordRequestSent(size);
    this.#inFlight.add(request);
    this.#inFlightByNode.set(node, this.inFlightTo(node) + 1);
    this.#traceRequest(request, size);
    network
      .produce(node, { acks, timeoutMs: requestTimeoutMs, batches: produceBatches }, requestTimeoutMs)
      .then(
        (response) => this.#arrived(() => this.#handleResponse(request, response)),
        (error: unknown) => this.#arrived(() => this.#handleNoResponse(request, error)),
      );
  }

  #handleResponse(request: Request, response: ProduceResponse): void {
    const { metrics, completion, clock } = this.#options;
    const nowMs = clock.now();
    this.#answered(request, null);
    metrics.recordResponse(request.node, nowMs - request.sentMs);
    metrics.recordThrottle(response.throttleTimeMs);
    const answers = new Map(
      response.partitions.map((answer) => [`${answer.topic}-${answer.partition}`, answer]),
    );
    for (const batch of request.batches) {
      const answer = answers.get(`${batch.topic}-${batch.partition}`);
      completion.complete(batch, answer ?? this.#missingAnswer(request), nowMs);
    }
  }

  /** With acks=0 there is nothing to answer: written is all that is known (H-18). */
  #missingAnswer(request: Request): BatchAnswer {
    if (this.#options.acks === 0) return answerOf(0, null);
    return answerOf(NETWORK_EXCEPTION, `Node ${request.node} left the batch out of its answer`);
  }

  #handleNoResponse(request: Request, error: unknown): void {
    const { completion, clock } = this.#options;
    const message = error instanceof Error ? error.message : String(error);
    this.#answered(request, message);
    for (const batch of request.batches) {
      if (error instanceof NetworkFailure) {
        completion.complete(batch, answerOf(NETWORK_EXCEPTION, message), clock.now());
        continue;
      }
      // Not a broken connection but a broken request: trying again would only break it again.
      const failure = new KafkaError(`A request to node ${request.node} could not be made: ${message}`, {
        cause: error,
      });
      batch.inRequest = false;
      completion.fail(batch, failure, () => failure, true);
    }
  }

  #answered(request: Request, error: string | null): void {
    const { clock, trace } = this.#options;
    this.#inFlight.delete(request);
    this.#inFlightByNode.set(request.node, this.inFlightTo(request.node) - 1);
    trace?.({
      stage: 'response',
      atMs: clock.now(),
      request: request.number,
      node: request.node,
      error,
      inFlight: this.inFlightTo(request.node),
    });
  }

  // ---- time ----------------------------------------------------------------------------------------------------------

  #expireBatches(nowMs: number): void {
    const { accumulator, completion, deliveryTimeoutMs } = this.#options;
    for (const batch of accumulator.expiredBatches(nowMs)) completion.expire(batch, nowMs);
    for (const batch of this.#batchesInFlight()) {
      if (batch.hasReachedDeliveryTimeout(deliveryTimeoutMs, nowMs)) completion.expire(batch, nowMs);
    }
  }

  #timeToNextExpiryMs(nowMs: number): number {
    const { accumulator, deliveryTimeoutMs } = this.#options;
    let oldestMs = accumulator.oldestCreatedMs();
    for (const { createdMs } of this.#batchesInFlight()) {
      if (oldestMs === null || createdMs < oldestMs) oldestMs = createdMs;
    }
    return oldestMs === null ? Number.MAX_SAFE_INTEGER : Math.max(0, oldestMs + deliveryTimeoutMs - nowMs);
  }

  *#batchesInFlight(): Generator<ProducerBatch> {
    for (const { batches } of this.#inFlight) {
      for (const batch of batches) if (!batch.isDone) yield batch;
    }
  }

  // ---- answers -------------------------------------------------------------------------------------------------------

  #arrived(handle: () => void): void {
    this.#inbox.push(handle);
    this.#options.onWork();
  }

  #takeAnswers(): void {
    for (const handle of this.#inbox.splice(0)) handle();
  }

  // ---- metadata ------------------------------------------------------------------------------------------------------

  #maintainMetadata(nowMs: number): number {
    const { metadata, network } = this.#options;
    if (this.#fetchingMetadata || metadata.topics.length === 0) return Number.MAX_SAFE_INTEGER;
    const timeoutMs = metadata.timeToNextUpdateMs(nowMs);
    if (timeoutMs > 0) return timeoutMs;
    this.#fetchingMetadata = true;
    network.fetchMetadata(metadata.topics).then(
      (answer) => this.#arrived(() => this.#metadataArrived(answer)),
      (error: unknown) => this.#arrived(() => this.#metadataFailed(error)),
    );
    return Number.MAX_SAFE_INTEGER;
  }

  #metadataArrived(answer: ClusterMetadata): void {
    this.#fetchingMetadata = false;
    this.#options.metadata.update(answer, this.#options.clock.now());
  }

  #metadataFailed(error: unknown): void {
    this.#fetchingMetadata = false;
    const nowMs = this.#options.clock.now();
    if (error instanceof NetworkFailure) this.#options.metadata.updateFailed(nowMs);
    else this.#options.metadata.fail(toError(error), nowMs);
  }

  // ---- producer id ---------------------------------------------------------------------------------------------------

  #maintainIdempotence(nowMs: number): number {
    const { idempotence, network } = this.#options;
    if (idempotence === null || idempotence.fatalError !== null) return Number.MAX_SAFE_INTEGER;
    idempotence.resolveSequences();
    if (idempotence.bumpEpochIfRequired()) this.#traceProducerId(idempotence, 'bumped');
    if (idempotence.hasProducerId || this.#askingForProducerId) return Number.MAX_SAFE_INTEGER;
    // Not before there is something to send: an idle producer leaves the broker in peace.
    if (!this.#options.accumulator.hasUndrained() && this.#inFlight.size === 0)
      return Number.MAX_SAFE_INTEGER;
    const waitMs = this.#nextProducerIdAttemptMs - nowMs;
    if (waitMs > 0) return waitMs;
    this.#askingForProducerId = true;
    network.initProducerId().then(
      (answer) => this.#arrived(() => this.#producerIdArrived(idempotence, answer)),
      (error: unknown) => this.#arrived(() => this.#producerIdFailed(idempotence, error)),
    );
    return Number.MAX_SAFE_INTEGER;
  }

  #producerIdArrived(idempotence: Idempotence, answer: ProducerIdResponse): void {
    this.#askingForProducerId = false;
    if (answer.errorCode === 0) {
      this.#producerIdAttempts = 0;
      idempotence.setProducerId(answer.producerId, answer.producerEpoch);
      this.#traceProducerId(idempotence, 'assigned');
      return;
    }
    const error = errorForCode(answer.errorCode, 'The request for a producer id');
    if (error.retriable) this.#retryProducerId();
    else idempotence.fail(error);
  }

  #producerIdFailed(idempotence: Idempotence, error: unknown): void {
    this.#askingForProducerId = false;
    if (error instanceof NetworkFailure) this.#retryProducerId();
    else idempotence.fail(toError(error));
  }

  #retryProducerId(): void {
    const { clock, retryBackoff } = this.#options;
    this.#nextProducerIdAttemptMs = clock.now() + retryBackoff.backoffMs(this.#producerIdAttempts++);
  }

  #abortIfFatal(): boolean {
    const { idempotence, accumulator } = this.#options;
    const error = idempotence?.fatalError ?? null;
    if (error === null) return false;
    accumulator.abortIncompleteBatches(error);
    return true;
  }

  // ---- trace ---------------------------------------------------------------------------------------------------------

  #traceRequest(request: Request, sizeInBytes: number): void {
    const { trace, clock } = this.#options;
    if (trace === null) return;
    for (const batch of request.batches) trace(drainedEvent(batch, clock.now()));
    trace({
      stage: 'request-sent',
      atMs: clock.now(),
      request: request.number,
      node: request.node,
      batches: request.batches.map(({ number }) => number),
      sizeInBytes,
      inFlight: this.inFlightTo(request.node),
    });
  }

  #traceProducerId({ producerId, producerEpoch }: Idempotence, reason: 'assigned' | 'bumped'): void {
    const { trace, clock } = this.#options;
    trace?.({ stage: 'producer-id', atMs: clock.now(), producerId, producerEpoch, reason });
  }
}

function drainedEvent(batch: ProducerBatch, atMs: number): Parameters<TraceListener>[0] {
  return {
    stage: 'batch-drained',
    atMs,
    batch: batch.number,
    topic: batch.topic,
    partition: batch.partition,
    reason: batch.attempts > 0 ? 'retry' : batch.drainReason,
    records: batch.recordCount,
    sizeInBytes: batch.sizeInBytes,
    uncompressedSizeInBytes: batch.builder.uncompressedSizeInBytes,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    attempt: batch.attempts,
  };
}

function answerOf(errorCode: number, errorMessage: string | null): BatchAnswer {
  return { errorCode, errorMessage, baseOffset: -1n, logAppendTimeMs: -1, recordErrors: [] };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new KafkaError(String(error));
}
