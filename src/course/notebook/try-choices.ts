import { formatShare } from '../../charts/format-number';
import type { CodecCost } from '../../lab/codec-costs';
import type { Workload } from '../../lab/payloads';
import { table } from './table';
import { tryAnswer } from './try-answer';

type Choices = Readonly<Record<string, string>>;

/**
 * Shows what a learner's codecs came to in the measurements of the notebook. Grades nothing. `load` imports the answer:
 * the stub of exercise 16 throws as soon as it is read.
 */
export function tryChoices(
  load: () => Promise<Choices>,
  measured: Readonly<Record<Workload, readonly CodecCost[]>>,
): Promise<void> {
  return tryAnswer('16-compression-choice', async () => {
    const choices = await load();
    table(
      (Object.keys(measured) as Workload[]).map((workload) => {
        const choice = String(choices[workload]);
        const found = measured[workload].find(({ type }) => type === choice);
        return {
          workload,
          'your choice': found === undefined ? `${choice}, which is no codec` : choice,
          'bytes left': found === undefined ? '' : formatShare(found.ratio),
          'µs a record': found === undefined ? '' : found.microsecondsPerRecord.toFixed(2),
        };
      }),
    );
  });
}
