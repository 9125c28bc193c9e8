// caught by: lets a full batch go, and one that can take no further record
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // A batch whose next record did not fit is a few bytes below batchSize, and waits for its linger.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.muted || (batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs)) return false;
  const now = accumulator.waitingForMemory || accumulator.flushing || accumulator.closed;
  return batch.sizeInBytes >= accumulator.batchSize || waitedMs >= accumulator.lingerMs || now;
}
