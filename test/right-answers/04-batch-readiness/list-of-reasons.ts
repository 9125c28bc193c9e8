import type { IsSendable } from '../../../src/producer/index';

// The rule as two lists, in an arrow function; times compared as moments instead of durations.
export const isSendable: IsSendable = (batch, accumulator, nowMs) => {
  const reasonsToStay = [
    accumulator.muted,
    batch.attempts !== 0 && nowMs < batch.lastAttemptMs + accumulator.retryBackoffMs,
  ];
  const reasonsToGo = [
    batch.closed,
    !(batch.sizeInBytes < accumulator.batchSize),
    nowMs >= batch.lastAttemptMs + accumulator.lingerMs,
    accumulator.waitingForMemory,
    accumulator.flushing,
    accumulator.closed,
  ];
  return reasonsToGo.includes(true) && !reasonsToStay.includes(true);
};
