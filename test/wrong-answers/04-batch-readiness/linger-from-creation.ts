// caught by: lets a batch go as soon as linger is over, and not before
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // Linger counted from the creation of the batch, also for a retry.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.muted || (batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs)) return false;
  const now = accumulator.waitingForMemory || accumulator.flushing || accumulator.closed;
  const lingerOver = nowMs - batch.createdMs >= accumulator.lingerMs;
  return batch.closed || batch.sizeInBytes >= accumulator.batchSize || lingerOver || now;
}
