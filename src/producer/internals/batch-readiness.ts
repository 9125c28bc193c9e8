import type { AccumulatorState, BatchState } from '../producer-parts';

/** Whether a batch may go out now: the rule of Java's RecordAccumulator.batchReady (E-08). */
export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  const waitedMs = nowMs - batch.lastAttemptMs;
  const backingOff = batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs;
  if (accumulator.muted || backingOff) return false;
  return (
    batch.closed ||
    batch.sizeInBytes >= accumulator.batchSize ||
    waitedMs >= accumulator.lingerMs ||
    accumulator.waitingForMemory ||
    accumulator.flushing ||
    accumulator.closed
  );
}
