import type { PartitionProduceResponse } from '../../protocol/messages';
import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import { errorCodeName, errorForCode } from '../../protocol/error-codes';
import { InvalidMetadataError, InvalidRecordError, KafkaError, TimeoutError } from '../../protocol/errors';
import type { ApiError } from '../../protocol/errors';
import type { Idempotence } from './idempotence';
import type { ProducerMetadata } from './metadata';
import type { ProducerMetrics } from './metrics';
import type { ProducerBatch } from './producer-batch';
import type { RecordAccumulator } from './record-accumulator';

const MESSAGE_TOO_LARGE = 10;
const DUPLICATE_SEQUENCE_NUMBER = 46;

export interface BatchCompletionOptions {
  readonly accumulator: RecordAccumulator;
  readonly metadata: ProducerMetadata;
  readonly metrics: ProducerMetrics;
  readonly idempotence: Idempotence | null;
  readonly clock: Clock;
  readonly retries: number;
  readonly deliveryTimeoutMs: number;
  /** One in flight: partitions are muted until their answer. */
  readonly guaranteeOrder: boolean;
  readonly trace: TraceListener | null;
}

/** What the broker said about one batch; of a whole answer or of none, as the sender makes it up. */
export type BatchAnswer = Pick<
  PartitionProduceResponse,
  'errorCode' | 'errorMessage' | 'baseOffset' | 'logAppendTimeMs' | 'recordErrors'
>;

/** What an answer means for its batch: done, again, in pieces, or failed. The second half of Java's Sender. */
export class BatchCompletion {
  readonly #options: BatchCompletionOptions;

  constructor(options: BatchCompletionOptions) {
    this.#options = options;
  }

  complete(batch: ProducerBatch, answer: BatchAnswer, nowMs: number): void {
    const { accumulator, metadata, guaranteeOrder } = this.#options;
    batch.inRequest = false;
    // It expired while it was under way: only now does nobody read its bytes any more.
    if (batch.releaseWhenAnswered) accumulator.deallocate(batch);

    if (answer.errorCode === 0 || answer.errorCode === DUPLICATE_SEQUENCE_NUMBER)
      this.#succeed(batch, answer);
    else if (answer.errorCode === MESSAGE_TOO_LARGE && batch.recordCount > 1 && !batch.isDone)
      this.#split(batch);
    else {
      const error = errorForCode(answer.errorCode, describe(batch), answer.errorMessage);
      if (this.#canRetry(batch, answer.errorCode, error, nowMs))
        this.#retry(batch, error, answer.errorCode, nowMs);
      else this.#refused(batch, answer, error);
      if (error instanceof InvalidMetadataError) metadata.requestUpdate();
    }
    if (guaranteeOrder) accumulator.unmute(batch.topic, batch.partition);
  }

  /** Its time was over, in the queue or under way. Whether it was written, nobody knows if it had been sent. */
  expire(batch: ProducerBatch, nowMs: number): void {
    const ageMs = nowMs - batch.createdMs;
    const error = new TimeoutError(
      `Expiring ${batch.recordCount} records for ${batch.topic}-${batch.partition}: ${ageMs} ms have passed since the ` +
        `batch was opened (delivery.timeout.ms). ${fateOf(batch)}`,
    );
    this.fail(batch, error, () => error, false);
    this.#options.idempotence?.markUnresolved(batch);
  }

  /** `neverWritten`: the broker has refused it, so that its sequence numbers are free for the next. */
  fail(batch: ProducerBatch, error: Error, errorOf: (index: number) => Error, neverWritten: boolean): void {
    const { accumulator, metrics, idempotence, clock, trace } = this.#options;
    if (!batch.completeExceptionally(errorOf)) return;
    metrics.recordErrors(batch.topic, batch.recordCount);
    trace?.({
      stage: 'batch-failed',
      atMs: clock.now(),
      ...named(batch),
      error: error.message,
      reason: 'refused',
    });
    idempotence?.failed(batch, error, neverWritten);
    accumulator.deallocate(batch);
  }

  #succeed(batch: ProducerBatch, answer: BatchAnswer): void {
    const { accumulator, idempotence, clock, trace } = this.#options;
    const duplicate = answer.errorCode === DUPLICATE_SEQUENCE_NUMBER;
    // The broker has it, but no longer knows where: a success without an offset (I-07).
    const baseOffset = duplicate ? -1n : answer.baseOffset;
    if (batch.hasSequence) idempotence?.acknowledged(batch, baseOffset);
    trace?.({
      stage: 'batch-completed',
      atMs: clock.now(),
      ...named(batch),
      baseOffset: baseOffset === -1n ? null : baseOffset,
      duplicate,
    });
    if (batch.complete(baseOffset, answer.logAppendTimeMs)) accumulator.deallocate(batch);
  }

  #split(batch: ProducerBatch): void {
    const { accumulator, metrics, clock, trace } = this.#options;
    const pieces = accumulator.splitAndReenqueue(batch);
    accumulator.deallocate(batch);
    metrics.recordSplit();
    trace?.({ stage: 'batch-split', atMs: clock.now(), ...named(batch), into: pieces.length, pieces });
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

  #canRetry(batch: ProducerBatch, errorCode: number, error: ApiError, nowMs: number): boolean {
    const { deliveryTimeoutMs, retries, idempotence } = this.#options;
    if (batch.isDone || batch.attempts >= retries) return false;
    if (batch.hasReachedDeliveryTimeout(deliveryTimeoutMs, nowMs)) return false;
    if (idempotence === null || !batch.hasSequence) return error.retriable;
    return idempotence.canRetry(batch, errorCode, error.retriable);
  }

  #refused(batch: ProducerBatch, answer: BatchAnswer, error: ApiError): void {
    // With retries used up, a batch may have been written by an attempt whose answer was lost: its numbers are not free.
    const neverWritten = batch.attempts < this.#options.retries;
    this.fail(batch, error, errorsOfRecords(batch, answer, error), neverWritten);
  }
}

/** Each record's own error where the broker named some; the others failed because of them (H-14 to H-16). */
function errorsOfRecords(
  batch: ProducerBatch,
  answer: BatchAnswer,
  error: ApiError,
): (index: number) => Error {
  const { errorCode, errorMessage, recordErrors } = answer;
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
    `A record for ${batch.topic}-${batch.partition} was not written, because others of its batch were invalid.`,
  );
  return (index) => byIndex.get(index) ?? collateral;
}

function fateOf(batch: ProducerBatch): string {
  if (batch.drainedMs === -1) return 'It was never sent.';
  return 'It was sent, but no answer came in time: it may have been written.';
}

function describe(batch: ProducerBatch): string {
  return `A batch of ${batch.recordCount} records for ${batch.topic}-${batch.partition}`;
}

function named(batch: ProducerBatch): { batch: number; topic: string; partition: number } {
  return { batch: batch.number, topic: batch.topic, partition: batch.partition };
}
