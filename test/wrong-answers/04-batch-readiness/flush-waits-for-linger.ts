// caught by: lets every batch go when memory is exhausted, and on flush and close
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // flush() as a mere wait for what linger sends anyway.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.muted || (batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs)) return false;
  const full = batch.closed || batch.sizeInBytes >= accumulator.batchSize;
  return full || waitedMs >= accumulator.lingerMs || accumulator.waitingForMemory || accumulator.closed;
}
