import type { ExerciseDefinition } from '../exercise-definition';

export const batchReadiness: ExerciseDefinition = {
  slug: '04-batch-readiness',
  title: 'When a batch may go',
  files: ['batch-readiness.ts'],
  notebook: '01-architecture',
  hints: [
    'There are reasons to go (any one is enough) and reasons to stay (any one is enough, and it is the stronger). ' +
      'Write two lists from the README, then ask which of them `muted` belongs to.',
    'Both waits count from the same moment: `waitedMs = nowMs - batch.lastAttemptMs`. Linger is over at ' +
      '`waitedMs >= lingerMs`. A batch backs off only when it has been sent before (`attempts > 0`), and only ' +
      'while `waitedMs < retryBackoffMs`.',
    'const backingOff = batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs; ' +
      'if (accumulator.muted || backingOff) return false; ' +
      'return batch.closed || batch.sizeInBytes >= accumulator.batchSize || waitedMs >= accumulator.lingerMs || …the ' +
      'three reasons that concern the whole producer: waitingForMemory, flushing, closed.',
  ],
  learnt:
    'linger.ms is an upper bound and not a delay that every record pays: under load batches fill up and leave early, ' +
    "and memory, flush() and close() send everything at once. In Java this is RecordAccumulator.batchReady: 'sendable = " +
    "full || expired || exhausted || closed || flushInProgress() || transactionCompleting', and a batch is ready only when " +
    'it is sendable, not backing off, and its partition is not muted. Kafka mutes a partition only with ' +
    'max.in.flight.requests.per.connection=1. Once a batch is ready, its broker gets a request, and the first batches of that ' +
    "broker's other partitions go along. Java asks for the first batch of every partition each time the sender wakes up, and " +
    'also computes when to look again, so that nobody has to poll. Since Kafka 3.7 the backoff grows with every attempt ' +
    '(retry.backoff.ms up to retry.backoff.max.ms, with some randomness); here it was constant.',
};
