import type { AccumulatorState, BatchState } from '../../src/producer/index';

/**
 * Decides whether the sender may take this batch now. The sender asks for the first batch of every partition each time it wakes up.
 *
 * @param batch times in ms, size in bytes; `lastAttemptMs` is `createdMs` until the batch is sent for the first time.
 * @param accumulator the settings (`batchSize` in bytes, `lingerMs`, `retryBackoffMs`) and the state of the producer.
 * @param nowMs the time on the same clock.
 */
export function isSendable(batch: BatchState, accumulator: AccumulatorState, nowMs: number): boolean {
  // @todo Decide whether the batch may go.
  // Reasons to go, each of them enough:
  //   - the batch is full: it is closed, or it has reached `batchSize`;
  //   - linger is over: it has waited for `lingerMs`, counted from `lastAttemptMs`;
  //   - a caller waits for memory; the producer is flushing; the producer is closing.
  // Reasons to stay, each of them stronger than all of the above:
  //   - the partition is muted;
  //   - the batch backs off: it was sent before, and has waited less than `retryBackoffMs`.
  const waitedMs = nowMs - batch.lastAttemptMs;
  // Only after a failed attempt: a new batch has nothing to recover from.
  const backingOff = batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs;
  // Muted: with one request in flight, a batch of this partition is under way, and a second one could overtake it.
  // Not even close() may cause that.
  if (accumulator.muted || backingOff) return false;

  const full = batch.closed || batch.sizeInBytes >= accumulator.batchSize;
  const lingerOver = waitedMs >= accumulator.lingerMs;
  // When memory is exhausted, a send() is blocked. Waiting for company would not help; sending frees memory.
  return full || lingerOver || accumulator.waitingForMemory || accumulator.flushing || accumulator.closed;
  // @end
}
