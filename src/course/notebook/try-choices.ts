import { formatShare } from '../../charts/format-number';
import type { CodecCost } from '../../lab/experiments/codec-costs';
import type { Workload } from '../../lab/load/payloads';
import { loadAnswer } from './load-answer.cjs';
import { table } from './table';
import { tryAnswer } from './try-answer';

type Choices = Readonly<Record<string, string>>;

/** Shows what a learner's codecs mean in the measurements of the notebook. Grades nothing. */
export function tryChoices(
  measured: Readonly<Record<Workload, readonly CodecCost[]>>,
  load: () => Choices = savedChoices,
): Promise<void> {
  return tryAnswer('16-compression-choice', () => {
    const choices = load();
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

function savedChoices(): Choices {
  return loadAnswer<{ readonly choices: Choices }>('16-compression-choice', 'choices.ts').choices;
}
