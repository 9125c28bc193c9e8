import { readinessMapChart, type ReadinessAnswer } from '../../charts/readiness-map';
import { isSendable as reference, type AccumulatorState, type IsSendable } from '../../producer/index';
import { chart } from './chart';
import { OddAnswer, tryAnswer } from './try-answer';

const BATCH_SIZE = 1000;
const LINGER_MS = 5;
const QUIET: AccumulatorState = {
  ...{ batchSize: BATCH_SIZE, lingerMs: LINGER_MS, retryBackoffMs: 8 },
  ...{ waitingForMemory: false, flushing: false, closed: false, muted: false },
};
const SITUATIONS: readonly (readonly [name: string, around: AccumulatorState, attempts: number])[] = [
  ['nothing special', QUIET, 0],
  ['flush() is under way', { ...QUIET, flushing: true }, 0],
  ['memory is exhausted', { ...QUIET, waitingForMemory: true }, 0],
  ['the partition is muted', { ...QUIET, muted: true }, 0],
  ['muted, and closing', { ...QUIET, muted: true, closed: true }, 0],
  ['sent once, backs off 8 ms', QUIET, 1],
];
const WAITED_MS = [0, 2, 4, 5, 6, 8, 10];
const SIZES = [200, 600, 999, 1000, 1400];

/** Asks a learner's rule about batches of every size and age and draws its results beside Kafka's. Grades nothing. */
export function tryBatchReadiness(isSendable: IsSendable): Promise<void> {
  return tryAnswer('04-batch-readiness', async () => {
    const answers: ReadinessAnswer[] = [];
    for (const [situation, around, attempts] of SITUATIONS) {
      for (const waitedMs of WAITED_MS) {
        for (const sizeInBytes of SIZES) {
          const batch = { createdMs: 1000, lastAttemptMs: 1000, attempts, sizeInBytes, closed: attempts > 0 };
          const asked = [batch, around, 1000 + waitedMs] as const;
          const goes = isSendable(...asked);
          if (typeof goes !== 'boolean') {
            throw new OddAnswer(`Your rule returned ${String(goes)}: it has to return true or false.`);
          }
          answers.push({ situation, waitedMs, sizeInBytes, goes, shouldGo: reference(...asked) });
        }
      }
    }
    const subtitle = `batch.size ${BATCH_SIZE}, linger.ms ${LINGER_MS}. One map for each situation`;
    await chart(readinessMapChart({ answers, subtitle }));
  });
}
