// caught by: keeps a batch back while its partition is muted or it backs off, whatever else holds
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // The backoff for batches that were never sent, too.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.muted || waitedMs < accumulator.retryBackoffMs) return false;
  const now = accumulator.waitingForMemory || accumulator.flushing || accumulator.closed;
  return (
    batch.closed || batch.sizeInBytes >= accumulator.batchSize || waitedMs >= accumulator.lingerMs || now
  );
}
