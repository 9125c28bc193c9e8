// caught by: lets a full batch go, and one that can take no further record
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // Full only once batchSize is exceeded.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.muted || (batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs)) return false;
  const now = accumulator.waitingForMemory || accumulator.flushing || accumulator.closed;
  return batch.closed || batch.sizeInBytes > accumulator.batchSize || waitedMs >= accumulator.lingerMs || now;
}
