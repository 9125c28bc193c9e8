// caught by: keeps a batch back while its partition is muted or it backs off, whatever else holds
import type { AccumulatorState, BatchState } from '../../../src/producer/index';

export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // A retry goes at once, and hammers a broker that has just failed.
  const waitedMs = nowMs - batch.lastAttemptMs;
  if (accumulator.muted) return false;
  const now = accumulator.waitingForMemory || accumulator.flushing || accumulator.closed;
  return (
    batch.closed || batch.sizeInBytes >= accumulator.batchSize || waitedMs >= accumulator.lingerMs || now
  );
}
