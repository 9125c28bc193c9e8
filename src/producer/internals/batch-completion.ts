import { ERROR_CODE } from '../../protocol/error-code';
import { errorCodeName, errorForCode } from '../../protocol/error-codes';
import { InvalidMetadataError, InvalidRecordError, KafkaError, TimeoutError } from '../../protocol/errors';
import type { ApiError } from '../../protocol/errors';
import type { PartitionProduceResponse } from '../../protocol/messages';
import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import type { Idempotence } from './idempotence';
import type { ProducerMetadata } from './metadata';
import type { ProducerMetrics } from './metrics';
import type { ProducerBatch } from './producer-batch';
import type { RecordAccumulator } from './record-accumulator';

/** After these, nobody knows whether this attempt has written the batch. Every other error code says that it has not. */
const AMBIGUOUS: ReadonlySet<number> = new Set([
  ERROR_CODE.UNKNOWN_SERVER_ERROR,
  ERROR_CODE.REQUEST_TIMED_OUT,
  ERROR_CODE.NETWORK_EXCEPTION,
  ERROR_CODE.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  ERROR_CODE.KAFKA_STORAGE_ERROR,
]);

export interface BatchCompletionOptions {
  readonly accumulator: RecordAccumulator;
  readonly metadata: ProducerMetadata;
  readonly metrics: ProducerMetrics;
  readonly idempotence: Idempotence | null;
  readonly clock: Clock;
  readonly retries: number;
  readonly deliveryTimeoutMs: number;
  /** One request in flight: partitions are muted until the response. */
  readonly guaranteeOrder: boolean;
  readonly trace: TraceListener | null;
}

/** What a broker said about one batch, or what the sender says in its place when there is no response. */
export type BatchResponse = Pick<
  PartitionProduceResponse,
  'errorCode' | 'errorMessage' | 'baseOffset' | 'logAppendTimeMs' | 'recordErrors' | 'currentLeader'
>;

/** What a response means for its batch: success, a retry, a split, or failure. The second half of Java's Sender. */
export class BatchCompletion {
  readonly #options: BatchCompletionOptions;

  constructor(options: BatchCompletionOptions) {
    this.#options = options;
  }

  /** A request with the batch has its response, or will never have one. */
  complete(batch: ProducerBatch, response: BatchResponse, nowMs: number): void {
    this.#requestEnded(batch);
    this.#learnFate(batch, response.errorCode);
    const { errorCode } = response;
    if (errorCode === ERROR_CODE.NONE || errorCode === ERROR_CODE.DUPLICATE_SEQUENCE_NUMBER)
      this.#succeed(batch, response, nowMs);
    else if (errorCode === ERROR_CODE.MESSAGE_TOO_LARGE && this.#maySplit(batch)) this.#split(batch);
    else this.#retryOrFail(batch, response, nowMs);
  }

  /** A request with the batch could not be made: the batch fails, since a retry would fail in the same way. */
  failRequest(batch: ProducerBatch, error: Error): void {
    batch.mayBeWritten = true;
    this.#requestEnded(batch);
    this.#fail(batch, { reason: 'refused', error, errorOf: () => error });
  }

  /** The batch's node refuses this client, so that the batch cannot be sent. */
  failUnsent(batch: ProducerBatch, error: Error): void {
    this.#fail(batch, { reason: 'unsent', error, errorOf: () => error });
  }

  /** delivery.timeout.ms has passed since the batch was opened, in the queue or with a request under way. */
  expire(batch: ProducerBatch, nowMs: number): void {
    // Without a response, the request that is under way may yet be processed.
    const fate = batch.fate;
    if (batch.inRequest) batch.mayBeWritten = true;
    const error = new TimeoutError(
      `${batch.recordCount} records for ${batch.topic}-${batch.partition} expired: ${nowMs - batch.createdMs} ms have passed ` +
        `since their batch was opened (delivery.timeout.ms). ${fate}`,
    );
    this.#fail(batch, { reason: 'expired', error, errorOf: () => error });
  }

  /** Nobody reads the batch's bytes any more. If it has ended meanwhile, its memory was waiting for this moment. */
  #requestEnded(batch: ProducerBatch): void {
    const { accumulator, guaranteeOrder } = this.#options;
    batch.inRequest = false;
    if (guaranteeOrder) accumulator.unmute(batch.topic, batch.partition);
    if (batch.releaseWhenAnswered) accumulator.deallocate(batch);
  }

  #learnFate(batch: ProducerBatch, errorCode: number): void {
    if (errorCode !== ERROR_CODE.NETWORK_EXCEPTION) batch.lastResponse = errorCodeName(errorCode);
    if (AMBIGUOUS.has(errorCode)) batch.mayBeWritten = true;
    // The broker looks for the batch among those that it has before it judges the sequence.
    else if (errorCode === ERROR_CODE.OUT_OF_ORDER_SEQUENCE_NUMBER) batch.mayBeWritten = false;
  }

  #succeed(batch: ProducerBatch, response: BatchResponse, nowMs: number): void {
    const { accumulator, idempotence, clock, trace } = this.#options;
    const duplicate = response.errorCode === ERROR_CODE.DUPLICATE_SEQUENCE_NUMBER;
    // The broker has the batch, but no longer knows where: a success without an offset (I-07).
    const baseOffset = duplicate ? -1n : response.baseOffset;
    if (batch.hasSequence) idempotence?.acknowledged(batch, baseOffset, nowMs);
    if (batch.isDone) return;
    trace?.({
      stage: 'batch-completed',
      atMs: clock.now(),
      ...named(batch),
      baseOffset: baseOffset === -1n ? null : baseOffset,
      duplicate,
    });
    batch.complete(baseOffset, response.logAppendTimeMs);
    accumulator.deallocate(batch);
  }

  /** Pieces have other sequences than the whole: if the whole may be written, the broker would not recognise them. */
  #maySplit(batch: ProducerBatch): boolean {
    return batch.recordCount > 1 && !batch.isDone && !(batch.hasSequence && batch.mayBeWritten);
  }

  #split(batch: ProducerBatch): void {
    const { accumulator, metrics, clock, trace } = this.#options;
    const pieces = accumulator.splitAndReenqueue(batch);
    accumulator.deallocate(batch);
    metrics.recordSplit();
    trace?.({ stage: 'batch-split', atMs: clock.now(), ...named(batch), into: pieces.length, pieces });
  }

  #retryOrFail(batch: ProducerBatch, response: BatchResponse, nowMs: number): void {
    const { metadata } = this.#options;
    const { errorCode, errorMessage, currentLeader } = response;
    const error = errorForCode(errorCode, describe(batch), errorMessage);
    if (error instanceof InvalidMetadataError) {
      metadata.requestUpdate();
      if (currentLeader) metadata.updateLeader(batch.topic, batch.partition, currentLeader);
    }
    if (this.#canRetry(batch, errorCode, error, nowMs)) this.#retry(batch, error, errorCode, nowMs);
    else this.#refuse(batch, response, error);
  }

  #canRetry(batch: ProducerBatch, errorCode: number, error: ApiError, nowMs: number): boolean {
    const { deliveryTimeoutMs, retries, idempotence } = this.#options;
    if (batch.isDone || batch.attempts >= retries) return false;
    if (batch.hasReachedDeliveryTimeout(deliveryTimeoutMs, nowMs)) return false;
    if (idempotence === null || !batch.hasSequence) return error.retriable;
    return idempotence.canRetry(batch, errorCode, error.retriable);
  }

  #retry(batch: ProducerBatch, error: ApiError, errorCode: number, nowMs: number): void {
    const { accumulator, metrics, trace } = this.#options;
    accumulator.reenqueue(batch, nowMs);
    metrics.recordRetries(batch.topic, batch.recordCount);
    trace?.({
      stage: 'batch-retried',
      atMs: nowMs,
      ...named(batch),
      error: `${errorCodeName(errorCode)}: ${error.message}`,
      attempt: batch.attempts,
      backoffMs: batch.retryBackoffMs,
    });
  }

  #refuse(batch: ProducerBatch, response: BatchResponse, refusal: ApiError): void {
    let error = refusal;
    if (batch.mayBeWritten) {
      const ErrorClass = refusal.constructor as new (message: string) => ApiError;
      error = new ErrorClass(
        `${refusal.message} An attempt got no response that says that it was not written: it may have been written.`,
      );
    }
    this.#fail(batch, { reason: 'refused', error, errorOf: errorsOfRecords(batch, response, error) });
  }

  #fail(batch: ProducerBatch, { reason, error, errorOf }: Failure): void {
    const { accumulator, metrics, idempotence, clock, trace } = this.#options;
    if (batch.isDone) return;
    trace?.({ stage: 'batch-failed', atMs: clock.now(), ...named(batch), error: error.message, reason });
    metrics.recordErrors(batch.topic, batch.recordCount);
    batch.completeExceptionally(errorOf);
    idempotence?.failed(batch, error, reason === 'refused');
    accumulator.deallocate(batch);
  }
}

interface Failure {
  readonly reason: 'refused' | 'expired' | 'unsent';
  /** Of the batch as a whole. */
  readonly error: Error;
  /** Of the record at this place in the batch. */
  readonly errorOf: (index: number) => Error;
}

/** Each record's own error where the broker named some; the others failed because of them (H-14 to H-16). */
function errorsOfRecords(
  batch: ProducerBatch,
  response: BatchResponse,
  error: ApiError,
): (index: number) => Error {
  const { errorCode, errorMessage, recordErrors } = response;
  if (recordErrors.length === 0) return () => error;
  const byIndex = new Map<number, Error>();
  for (const { batchIndex, message } of recordErrors) {
    const text = message ?? errorMessage;
    const own =
      recordErrors.length === 1
        ? errorForCode(errorCode, describe(batch), text)
        : new InvalidRecordError(text ?? errorForCode(errorCode, describe(batch)).message);
    byIndex.set(batchIndex, own);
  }
  const collateral = new KafkaError(
    `A record for ${batch.topic}-${batch.partition} was not written, because other records of its batch were invalid.`,
  );
  return (index) => byIndex.get(index) ?? collateral;
}

function describe(batch: ProducerBatch): string {
  return `A batch of ${batch.recordCount} records for ${batch.topic}-${batch.partition}`;
}

function named(batch: ProducerBatch): { batch: number; topic: string; partition: number } {
  return { batch: batch.number, topic: batch.topic, partition: batch.partition };
}
