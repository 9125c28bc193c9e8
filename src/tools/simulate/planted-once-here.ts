import { fault, FIRST_BATCH_NOT_ALONE, inFile } from './planted-fault';
import type { PlantedFault } from './planted-fault';

/** Mistakes that this producer has had, each as it was. */
export const ONCE_IN_THIS_PRODUCER: readonly PlantedFault[] = [
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
