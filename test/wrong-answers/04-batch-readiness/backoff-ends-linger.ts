// caught by: decides every combination as the rule says
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // The end of the backoff taken for a reason to go.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.muted || (batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs)) return false;
  const now = accumulator.waitingForMemory || accumulator.flushing || accumulator.closed;
  if (batch.attempts > 0) return true;
  return (
    batch.closed || batch.sizeInBytes >= accumulator.batchSize || waitedMs >= accumulator.lingerMs || now
  );
}
