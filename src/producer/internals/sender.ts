import { NetworkFailure } from '../../network/network-client';
import { ERROR_CODE } from '../../protocol/error-code';
import type { Acks, ClusterMetadata, ProduceResponse } from '../../protocol/messages';
import type { NetworkClient } from '../../network/network-client';
import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import { AuthenticationError, KafkaError } from '../../protocol/errors';
import { callGuarded, textOf } from '../user-code';
import type { BatchCompletion, BatchResponse } from './batch-completion';
import type { ExponentialBackoff } from './exponential-backoff';
import type { Idempotence } from './idempotence';
import type { MetadataRequest, ProducerMetadata } from './metadata';
import { ProducerIdRequester } from './producer-id-requester';
import type { ProducerMetrics } from './metrics';
import type { ProducerBatch } from './producer-batch';
import type { RecordAccumulator } from './record-accumulator';

/** Bytes of a Produce request around the batches: header, acks, timeout, and a topic and partition per batch. */
const REQUEST_OVERHEAD = 60;
const BATCH_OVERHEAD = 12;
/** A node that cannot take a request announces when it can; this is for one that does not. */
const NOT_READY_RECHECK_MS = 50;
/** After this time without a connection to a leader, metadata is refreshed: its partitions may have another leader. */
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
  /** The shortest pause after a request for a producer id without a response. */
  readonly pauseAfterFailureMs: number;
  readonly maxRequestSize: number;
  readonly acks: Acks;
  readonly requestTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly maxInFlightRequests: number;
  readonly trace: TraceListener | null;
  /** A response has arrived: `runOnce()` should be called soon. */
  readonly onWork: () => void;
}

interface Request {
  readonly number: number;
  readonly node: number;
  readonly batches: readonly ProducerBatch[];
  readonly sentMs: number;
}

/**
 * Takes batches out of the accumulator and sends them to the brokers: Java's Sender. It has no loop of its own; `runOnce()`
 * does what can be done at this moment and returns when to call it next, so that every rule can be tested step by step.
 */
export class Sender {
  readonly #options: SenderOptions;
  /** Responses that have arrived since the last step, in their order. */
  readonly #inbox: (() => void)[] = [];
  readonly #inFlight = new Set<Request>();
  readonly #inFlightByNode = new Map<number, number>();
  readonly #unreachableSinceMs = new Map<number, number>();
  #producerIds: ProducerIdRequester | null = null;
  #requests = 0;
  #fetchingMetadata = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { idempotence, network, clock, retryBackoff, pauseAfterFailureMs, trace } = options;
    if (idempotence === null) return;
    const onResponse = (handle: () => void) => this.#arrived(handle);
    this.#producerIds = new ProducerIdRequester({
      idempotence,
      network,
      clock,
      retryBackoff,
      pauseAfterFailureMs,
      trace,
      onResponse,
    });
  }

  get requestsInFlight(): number {
    return this.#inFlight.size;
  }

  inFlightTo(nodeId: number): number {
    return this.#inFlightByNode.get(nodeId) ?? 0;
  }

  /** No batch waits, no request is under way, and no response is to be handled. */
  get isIdle(): boolean {
    return this.#inFlight.size === 0 && this.#inbox.length === 0 && !this.#options.accumulator.hasUndrained();
  }

  /** One step. Returns the milliseconds after which the next one is due at the latest; events make it due earlier. */
  runOnce(): number {
    const nowMs = this.#options.clock.now();
    // Expire before handling responses: a batch past its deadline must fail even if its response has arrived (H-07).
    this.#expireBatches(nowMs);
    this.#handleResponses();
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
      if (this.inFlightTo(node) === 0) this.#examineUnreachable(node, nowMs);
      ready.readyNodes.delete(node);
      timeoutMs = Math.min(timeoutMs, NOT_READY_RECHECK_MS);
    }
    const drained = accumulator.drain(ready.readyNodes, maxRequestSize, nowMs);
    for (const [node, batches] of drained) this.#send(node, batches, nowMs);
    // There may be more for the same nodes. Where nothing could be taken, an event has to come first.
    return drained.size > 0 ? 0 : timeoutMs;
  }

  /**
   * A leader without a connection may have crashed, and its partitions may have another one by now: Java's NetworkClient
   * refreshes metadata whenever a connection breaks or fails. A first connection is given some time. If the node refuses this
   * client, its batches fail: no retry can help until somebody changes the credentials.
   */
  #examineUnreachable(node: number, nowMs: number): void {
    const { network, accumulator, completion, metadata } = this.#options;
    const refusal = network.authenticationError(node);
    if (refusal !== null) {
      for (const batch of accumulator.takeBatchesOf(node)) completion.failUnsent(batch, refusal);
      return;
    }
    const sinceMs = this.#unreachableSinceMs.get(node);
    if (sinceMs !== undefined && nowMs - sinceMs < UNREACHABLE_AFTER_MS) return;
    this.#unreachableSinceMs.set(node, nowMs);
    if (sinceMs !== undefined) metadata.requestUpdate();
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
    this.#requestEnded(request, null);
    metrics.recordResponse(request.node, nowMs - request.sentMs);
    metrics.recordThrottle(response.throttleTimeMs);
    const responses = new Map(
      response.partitions.map((partition) => [`${partition.topic}-${partition.partition}`, partition]),
    );
    for (const batch of request.batches) {
      const ofBatch = responses.get(`${batch.topic}-${batch.partition}`);
      completion.complete(batch, ofBatch ?? this.#missingResponse(request), nowMs);
    }
  }

  /** With acks=0 no broker responds: all that is known is that the request was written (H-18). */
  #missingResponse(request: Request): BatchResponse {
    if (this.#options.acks === 0) return responseOf(ERROR_CODE.NONE, null);
    return responseOf(
      ERROR_CODE.NETWORK_EXCEPTION,
      `the response of node ${request.node} says nothing of the batch`,
    );
  }

  #handleNoResponse(request: Request, error: unknown): void {
    const { completion, clock } = this.#options;
    const message = textOf(error);
    this.#requestEnded(request, message);
    for (const batch of request.batches) {
      if (error instanceof NetworkFailure) {
        completion.complete(batch, responseOf(ERROR_CODE.NETWORK_EXCEPTION, message), clock.now());
        continue;
      }
      const failure =
        error instanceof AuthenticationError
          ? error
          : new KafkaError(
              `A request to node ${request.node} failed: ${message}. Its records may have been written.`,
              { cause: error },
            );
      completion.failRequest(batch, failure);
    }
  }

  #requestEnded(request: Request, error: string | null): void {
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

  // ---- responses -----------------------------------------------------------------------------------------------------

  #arrived(handle: () => void): void {
    this.#inbox.push(handle);
    this.#options.onWork();
  }

  /** Handles what has arrived since the last step, which was the last one: batches give their memory back. Never throws. */
  handleLastResponses(): void {
    while (this.#inbox.length > 0) callGuarded('A part of the producer', () => this.#handleResponses());
  }

  #handleResponses(): void {
    // One by one: if one throws, the others are still there.
    for (let handle = this.#inbox.shift(); handle !== undefined; handle = this.#inbox.shift()) handle();
  }

  // ---- metadata ------------------------------------------------------------------------------------------------------

  #maintainMetadata(nowMs: number): number {
    const { metadata, network } = this.#options;
    if (this.#fetchingMetadata || metadata.topics.length === 0) return Number.MAX_SAFE_INTEGER;
    const timeoutMs = metadata.timeToNextUpdateMs(nowMs);
    if (timeoutMs > 0) return timeoutMs;
    this.#fetchingMetadata = true;
    const request = metadata.startUpdate();
    network.fetchMetadata(request.topics).then(
      (response) => this.#arrived(() => this.#metadataArrived(response, request)),
      (error: unknown) => this.#arrived(() => this.#metadataFailed(error)),
    );
    return Number.MAX_SAFE_INTEGER;
  }

  #metadataArrived(response: ClusterMetadata, request: MetadataRequest): void {
    const { metadata, idempotence, clock } = this.#options;
    this.#fetchingMetadata = false;
    for (const topic of metadata.update(response, clock.now(), request)) idempotence?.forgetBrokersOf(topic);
  }

  #metadataFailed(error: unknown): void {
    this.#fetchingMetadata = false;
    const nowMs = this.#options.clock.now();
    if (error instanceof NetworkFailure) this.#options.metadata.updateFailed(nowMs);
    else this.#options.metadata.fail(toError(error), nowMs);
  }

  // ---- producer id ---------------------------------------------------------------------------------------------------

  /** Brings sequences and epochs up to date, and requests a producer id where one is missing and there is something to send. */
  #maintainIdempotence(nowMs: number): number {
    const { idempotence, accumulator } = this.#options;
    if (idempotence === null || idempotence.fatalError !== null) return Number.MAX_SAFE_INTEGER;
    if (idempotence.prepareToSend()) this.#producerIds?.traceProducerId('bumped');
    const isIdle = !accumulator.hasUndrained() && this.#inFlight.size === 0;
    return isIdle ? Number.MAX_SAFE_INTEGER : this.#producerIds!.requestIfMissing(nowMs);
  }

  #abortIfFatal(): boolean {
    const { idempotence, accumulator } = this.#options;
    const error = idempotence?.fatalError ?? null;
    if (error === null) return false;
    accumulator.abortIncompleteBatches(() => error);
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
}

function drainedEvent(batch: ProducerBatch, atMs: number): Parameters<TraceListener>[0] {
  return {
    stage: 'batch-drained',
    atMs,
    batch: batch.number,
    topic: batch.topic,
    partition: batch.partition,
    reason: batch.attempts > 0 ? 'retry' : (batch.drainReason ?? 'along'),
    records: batch.recordCount,
    sizeInBytes: batch.sizeInBytes,
    uncompressedSizeInBytes: batch.builder.uncompressedSizeInBytes,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    attempt: batch.attempts,
  };
}

function responseOf(errorCode: number, errorMessage: string | null): BatchResponse {
  return { errorCode, errorMessage, baseOffset: -1n, logAppendTimeMs: -1, recordErrors: [] };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new KafkaError(textOf(error));
}
