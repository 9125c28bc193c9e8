import { fault, FIRST_BATCH_NOT_ALONE, inFile } from './planted-fault';
import type { PlantedFault } from './planted-fault';

/** Mistakes that a producer can have in its order and its sequences. */
export const ORDER_AND_SEQUENCES: readonly PlantedFault[] = [
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
