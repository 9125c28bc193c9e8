import type { PlantedChange } from './simulate-planted';

/** A mistake that the simulation has to find. */
export interface PlantedFault {
  readonly name: string;
  /** What is wrong, for whoever reads the list. */
  readonly mistake: string;
  /** Within how many schedules it has to be found. */
  readonly within: number;
  readonly changes: readonly PlantedChange[];
}

const INTERNALS = 'src/producer/internals';

function inFile(name: string, replace: string, by: string): PlantedChange {
  return { file: `${INTERNALS}/${name}.ts`, replace, with: by };
}

function fault(name: string, mistake: string, within: number, ...changes: PlantedChange[]): PlantedFault {
  return { name, mistake, within, changes };
}

/** Rule 1 of Idempotence: without it, several batches are in flight before the broker knows the producer id. */
const FIRST_BATCH_NOT_ALONE = inFile(
  'idempotence',
  'sequences.inFlight.length < REMEMBERED_BATCHES && isKnownToBroker(sequences, nowMs)',
  'sequences.inFlight.length < REMEMBERED_BATCHES',
);

/** Mistakes that this producer has had, each as it was. */
const ONCE_IN_THIS_PRODUCER: readonly PlantedFault[] = [
  fault(
    'sequences-move-down',
    'After a refused batch, later sequences move down within the epoch: an acknowledged record is lost.',
    4000,
    FIRST_BATCH_NOT_ALONE,
    inFile(
      'idempotence',
      'if (isRefused && !batch.mayBeWritten) this.#openGap(sequences, batch.baseSequence);',
      `if (isRefused && !batch.mayBeWritten) {
        sequences.nextSequence -= batch.recordCount;
        for (const later of sequences.inFlight)
          if (later.baseSequence > batch.baseSequence)
            later.setProducerState(later.producerId, later.producerEpoch, later.baseSequence - batch.recordCount);
      }`,
    ),
  ),
  fault(
    'wakeup-flag-read-late',
    'A flag says whether the sender is needed; it is read a microtask later, when another append has cleared it.',
    4000,
    inFile(
      'record-appender',
      'if (sticky !== null) this.#updateSticky(topic, queue, sticky, batch.sizeInBytes);\n    this.#options.onSenderNeeded(topic.topic);',
      `if (sticky !== null) this.#updateSticky(topic, queue, sticky, batch.sizeInBytes);
      this.senderIsNeeded = true;
      queueMicrotask(() => this.senderIsNeeded && this.#options.onSenderNeeded(topic.topic));`,
    ),
    inFile(
      'record-appender',
      'if (last.isFull) this.#options.onSenderNeeded(topic.topic);',
      'this.senderIsNeeded = last.isFull;\n    if (last.isFull) this.#options.onSenderNeeded(topic.topic);',
    ),
  ),
  fault(
    'small-record-overtakes',
    'While records wait for memory, a later record goes into the open batch of their partition.',
    2000,
    inFile('record-appender', 'if (queue.waiters.length > 0) return null;', ''),
  ),
  fault(
    'split-without-end',
    'Pieces of a split batch are as large as the whole.',
    4000,
    inFile(
      'split-batch',
      'batch.isSplitPiece ? Math.ceil(batch.recordCount / 2) : batch.recordCount',
      'batch.recordCount',
    ),
    inFile(
      'record-accumulator',
      '? Math.max(batch.maxRecordSize, Math.floor(batch.builder.uncompressedSizeInBytes / 2))',
      '? batchSize',
    ),
  ),
  fault(
    'backoff-not-looked-at',
    'The delay of a partition is not looked at where its node is ready because of another partition.',
    4000,
    inFile(
      'accumulator-readiness',
      'if (queue.muted) continue;',
      'if (queue.muted || readyNodes.has(leader.leader)) continue;',
    ),
  ),
  fault(
    'deallocate-unguarded',
    "After a failure, a learner's pool whose deallocate() throws ends the process.",
    4000,
    inFile(
      'record-accumulator',
      "callGuarded('deallocate() of the buffer pool', () => this.deallocate(batch))",
      'this.deallocate(batch)',
    ),
  ),
  fault(
    'piece-looked-up-in-the-whole',
    'A second split looks up records by their place in the first batch.',
    4000,
    inFile('producer-batch', 'const { index } = future.location();', 'const index = future.batchIndex;'),
  ),
  fault(
    'recreated-topic-ignored',
    'A topic that was deleted and created again keeps its old leader, because leader epochs begin at 0 again.',
    4000,
    inFile(
      'metadata',
      'recreated.includes(topic.topic) ? NO_PARTITIONS : (state?.partitions ?? NO_PARTITIONS)',
      '(state?.partitions ?? NO_PARTITIONS)',
    ),
    inFile(
      'metadata',
      'if (topic.errorCode === ERROR_CODE.UNKNOWN_TOPIC_OR_PARTITION) this.#forgetLeaderEpochs(topic.topic);',
      '',
    ),
  ),
  fault(
    'bytes-kept-while-waiting-for-memory',
    "A record that waits for memory keeps the serializer's buffer, which the serializer uses again.",
    2000,
    { file: 'src/producer/kafka-producer.ts', replace: 'withOwnBytes(pending)', with: 'pending' },
  ),
  fault(
    'bytes-kept-while-waiting-for-metadata',
    "A record that waits for metadata keeps the serializer's buffer, which the serializer uses again.",
    2000,
    inFile(
      'pending-record-factory',
      "const value = ownBytes(serialize(valueSerializer, 'value', record, record.value));",
      "const value = serialize(valueSerializer, 'value', record, record.value);",
    ),
  ),
  fault(
    'in-flight-count-leaks',
    'The requests in flight to a node are counted up and never down.',
    2000,
    inFile('sender', 'this.#inFlightByNode.set(request.node, this.inFlightTo(request.node) - 1);', ''),
  ),
  fault(
    'split-batch-keeps-its-memory',
    'The completion of a split batch returns before its memory is given back.',
    2000,
    inFile(
      'batch-completion',
      'accumulator.deallocate(batch);\n    metrics.recordSplit();',
      'metrics.recordSplit();',
    ),
  ),
  fault(
    'rejecting-callback-unhandled',
    'A promise that a callback returns rejects, and nobody handles it.',
    2000,
    {
      file: 'src/producer/user-code.ts',
      replace:
        "if (isThenable(returned)) returned.then(undefined, (error: unknown) => warn(what, 'rejected', error));",
      with: '',
    },
  ),
  fault(
    'refusal-told-as-not-written',
    'A batch whose response was lost is said to be not written.',
    4000,
    inFile(
      'batch-completion',
      'if (AMBIGUOUS.has(errorCode)) batch.mayBeWritten = true;\n    // The broker',
      '// The broker',
    ),
    inFile(
      'batch-completion',
      'else if (errorCode === ERROR_CODE.OUT_OF',
      'if (errorCode === ERROR_CODE.OUT_OF',
    ),
  ),
  fault(
    'busy-loop-without-a-broker',
    'With retry.backoff.ms=0 and no broker to connect to, metadata is requested in every turn.',
    4000,
    inFile('metadata', 'Math.max(backoffMs, this.#options.pauseAfterFailureMs)', 'backoffMs'),
  ),
];

/** Mistakes that a producer can have in its order and its sequences. */
const ORDER_AND_SEQUENCES: readonly PlantedFault[] = [
  fault(
    'first-batch-not-alone',
    'Several batches of a partition are in flight before the broker knows the producer id.',
    4000,
    FIRST_BATCH_NOT_ALONE,
  ),
  fault(
    'epoch-not-bumped',
    'A gap asks for a new epoch, and the number of the epoch stays.',
    4000,
    inFile('idempotence', 'this.producerEpoch++;\n', ''),
  ),
  fault(
    'numbers-change-while-open',
    'Batches behind a gap get new numbers while a batch before it is open or a request is under way.',
    4000,
    inFile('idempotence', 'if (!sequences.mayStartNewEpoch) continue;', ''),
  ),
  fault(
    'unresolved-is-forgotten',
    'A batch that may be written expires, and the next one takes the sequence behind it at once.',
    4000,
    inFile('idempotence', 'sequences.isUnresolved = true;\n      this.#unresolved.add(sequences);', ''),
    inFile('idempotence', 'sequences.hasGap || sequences.isUnresolved', 'sequences.hasGap'),
  ),
  fault(
    'gap-is-forgotten',
    'A refused batch leaves a gap that nobody closes.',
    4000,
    inFile(
      'idempotence',
      'if (isRefused && !batch.mayBeWritten) this.#openGap(sequences, batch.baseSequence);\n    else {',
      'if (!isRefused || batch.mayBeWritten) {',
    ),
  ),
  fault(
    'new-numbers-for-a-retry',
    'A retried batch gets new sequence numbers, so that the broker does not recognise it.',
    2000,
    inFile(
      'record-accumulator',
      'if (!batch.hasSequence) this.#options.idempotence?.assignSequence(batch);',
      'this.#options.idempotence?.assignSequence(batch);',
    ),
  ),
  fault(
    'sequences-count-batches',
    'Sequences advance by one for each batch instead of by its records.',
    2000,
    inFile(
      'idempotence',
      'sequences.stamp(batch.recordCount);\n    batch.set',
      'sequences.stamp(1);\n    batch.set',
    ),
  ),
  fault(
    'out-of-order-is-final',
    'A batch that is refused out of order, behind one that is retried, fails.',
    4000,
    inFile(
      'idempotence',
      'if (sequences.inFlight[0] === batch) this.#openGap(sequences, batch.baseSequence);\n    return true;',
      'return false;',
    ),
  ),
  fault(
    'retries-out-of-order',
    'Without idempotence and with one request in flight, a retried batch goes behind the newer ones.',
    4000,
    inFile('record-accumulator', 'else queue.addFirst(batch);', 'else queue.addLast(batch);'),
  ),
  fault(
    'partition-not-muted',
    'With one request in flight, a partition takes the next batch before the response.',
    4000,
    inFile('sender', 'if (maxInFlightRequests === 1) accumulator.mute(batch.topic, batch.partition);', ''),
    inFile('sender', 'this.inFlightTo(node) < this.#options.maxInFlightRequests &&', ''),
  ),
  fault(
    'pieces-in-reverse',
    'The pieces of a split batch go back into the queue in the wrong order.',
    4000,
    inFile('record-accumulator', '[...pieces].reverse()', 'pieces'),
  ),
  fault(
    'identity-by-name',
    'The response for a batch is looked up by its topic alone.',
    2000,
    inFile(
      'sender',
      '[`${partition.topic}-${partition.partition}`, partition]',
      '[partition.topic, partition]',
    ),
    inFile('sender', 'responses.get(`${batch.topic}-${batch.partition}`)', 'responses.get(batch.topic)'),
  ),
];

/** Mistakes with memory, time, limits and what is told. */
const MEMORY_TIME_AND_WORDS: readonly PlantedFault[] = [
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

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  ...ONCE_IN_THIS_PRODUCER,
  ...ORDER_AND_SEQUENCES,
  ...MEMORY_TIME_AND_WORDS,
];
