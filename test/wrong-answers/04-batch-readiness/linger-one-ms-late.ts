// caught by: lets a batch go as soon as linger is over, and not before
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // Later than linger instead of at linger: with lingerMs 0 nothing goes in the same millisecond.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.muted || (batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs)) return false;
  const now = accumulator.waitingForMemory || accumulator.flushing || accumulator.closed;
  return batch.closed || batch.sizeInBytes >= accumulator.batchSize || waitedMs > accumulator.lingerMs || now;
}
