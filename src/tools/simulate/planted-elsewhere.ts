import { fault, inFile } from './planted-fault';
import type { PlantedFault } from './planted-fault';

/** Mistakes with memory, time, limits and what is told. */
export const MEMORY_TIME_AND_WORDS: readonly PlantedFault[] = [
  fault(
    'lost-wakeup',
    'A new batch does not wake the sender.',
    2000,
    inFile(
      'record-appender',
      'this.#updateSticky(topic, queue, sticky, batch.sizeInBytes);\n    this.#options.onSenderNeeded(topic.topic);',
      'this.#updateSticky(topic, queue, sticky, batch.sizeInBytes);',
    ),
  ),
  fault(
    'memory-released-twice',
    'The memory of a batch is given back once more when its request ends.',
    4000,
    inFile('record-accumulator', 'batch.allocatedBytes = 0;', ''),
    inFile(
      'batch-completion',
      'if (batch.releaseWhenAnswered) accumulator.deallocate(batch);',
      'accumulator.deallocate(batch);',
    ),
  ),
  fault(
    'memory-of-retries-never-released',
    'A batch that was retried never gives its memory back.',
    2000,
    inFile('record-accumulator', 'if (size === 0) return;', 'if (size === 0 || batch.attempts > 0) return;'),
  ),
  fault(
    'buffer-reused-in-flight',
    'An expired batch gives its buffer back while a request still holds it.',
    4000,
    inFile(
      'record-accumulator',
      'if (batch.inRequest) {\n      batch.releaseWhenAnswered = true;\n      return;\n    }',
      '',
    ),
  ),
  fault(
    'queued-batches-never-expire',
    'delivery.timeout.ms is looked at for batches in flight only.',
    4000,
    inFile(
      'sender',
      'for (const batch of accumulator.expiredBatches(nowMs)) completion.expire(batch, nowMs);',
      '',
    ),
  ),
  fault(
    'waiter-never-times-out',
    'A record that waits for memory behind others has no time limit.',
    4000,
    inFile(
      'record-appender',
      'if (!waiter.isAtPool) return this.#timeOut(waiter, maxBlockMs);',
      'if (!waiter.isAtPool) return;',
    ),
  ),
  fault(
    'one-request-too-many',
    'One more request is in flight than max.in.flight.requests.per.connection allows.',
    2000,
    inFile(
      'sender',
      'this.inFlightTo(node) < this.#options.maxInFlightRequests',
      'this.inFlightTo(node) <= this.#options.maxInFlightRequests',
    ),
  ),
  fault(
    'request-size-ignored',
    'A request takes batches beyond max.request.size.',
    4000,
    inFile('batch-drain', 'if (size + first.sizeInBytes > maxSize && batches.length > 0) break;', ''),
  ),
  fault(
    'retry-without-backoff',
    'A batch is retried at once.',
    2000,
    inFile('producer-batch', 'this.retryBackoffMs = retryBackoffMs;', 'this.retryBackoffMs = 0;'),
  ),
  fault(
    'callbacks-of-pieces-lost',
    'The callbacks of a split batch are not handed over to its pieces.',
    2000,
    inFile('producer-batch', '.piece.#toCall.push(future);', ';'),
  ),
  fault(
    'callback-twice',
    'A callback runs again when a late response comes for an expired batch.',
    4000,
    inFile('producer-batch', 'if (this.#finalState !== null) return false;', ''),
    inFile(
      'producer-batch',
      "if (this.#finalState === 'succeeded') {\n      throw",
      'if (false) {\n      throw',
    ),
    inFile('producer-batch', '      }\n    }\n    this.#toCall = [];', '      }\n    }'),
    inFile(
      'batch-completion',
      "if (batch.isDone) return;\n    trace?.({\n      stage: 'batch-completed'",
      "trace?.({\n      stage: 'batch-completed'",
    ),
  ),
  fault(
    'duplicate-told-as-failure',
    'A batch that the broker has already is told as failed.',
    4000,
    inFile(
      'batch-completion',
      'if (errorCode === ERROR_CODE.NONE || errorCode === ERROR_CODE.DUPLICATE_SEQUENCE_NUMBER)',
      'if (errorCode === ERROR_CODE.NONE)',
    ),
  ),
  fault(
    'offset-off-by-one',
    'The offset of a record counts from the next place in its batch.',
    2000,
    inFile('future-record-metadata', 'batchIndex: index,', 'batchIndex: index + 1,'),
  ),
  fault(
    'errors-count-batches',
    'record-error-total counts batches instead of records.',
    4000,
    inFile(
      'batch-completion',
      'metrics.recordErrors(batch.topic, batch.recordCount);',
      'metrics.recordErrors(batch.topic, 1);',
    ),
  ),
];
