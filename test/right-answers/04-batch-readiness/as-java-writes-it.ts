import type { AccumulatorState, BatchState } from '../../../src/producer/index';

// One time to wait, either the backoff or linger, as RecordAccumulator.batchReady has it.
export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  const waitedTimeMs = Math.max(0, nowMs - batch.lastAttemptMs);
  const backingOff = batch.attempts > 0 && waitedTimeMs < accumulator.retryBackoffMs;
  const timeToWaitMs = backingOff ? accumulator.retryBackoffMs : accumulator.lingerMs;
  const expired = waitedTimeMs >= timeToWaitMs;
  const full = batch.closed || batch.sizeInBytes >= accumulator.batchSize;
  const sendable =
    full || expired || accumulator.waitingForMemory || accumulator.closed || accumulator.flushing;
  return sendable && !backingOff && !accumulator.muted;
}
