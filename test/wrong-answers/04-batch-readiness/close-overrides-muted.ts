// caught by: keeps a batch back while its partition is muted or it backs off, whatever else holds
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // Closing taken for stronger than order: the batch may overtake the one in flight.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.closed || accumulator.flushing) return true;
  if (accumulator.muted || (batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs)) return false;
  const full = batch.closed || batch.sizeInBytes >= accumulator.batchSize;
  return full || waitedMs >= accumulator.lingerMs || accumulator.waitingForMemory;
}
