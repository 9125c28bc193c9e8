import { comparedBarsChart } from '../../src/charts/compared-bars';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import type * as probe from './probes/17-predict';
import { EXPERIMENTS } from './support/experiments';
import { PREDICTIONS } from './support/predictions';
import type { Choice, Prediction } from './support/predictions';

const READ_ON: Readonly<Record<string, string>> = {
  linger: 'notebook 02-configuration, "linger.ms"',
  sticky: 'notebook 03-partitioning, "Without a key"',
  'buffer-memory': 'notebook 07-tuning-and-pitfalls',
  idempotence: 'notebook 04-idempotence',
  order: 'notebook 03-partitioning, "With a key"',
  'full-batch': 'notebook 02-configuration, "batch.size"',
  'new-partitions': 'notebook 03-partitioning, "When the topic grows"',
  'leader-acks': 'notebook 02-configuration, "Settings that depend on each other"',
  'six-in-flight': 'notebook 02-configuration, "Settings that depend on each other"',
  'small-batches': 'notebook 05-compression, "Batch size matters"',
  'silent-failure': 'notebook 07-tuning-and-pitfalls',
  'sixth-batch': 'notebook 04-idempotence',
  restart: 'notebook 04-idempotence',
};

exercise<typeof probe>('17-predict', { exports: ['answers'] }, ({ graded, run, kafka, chart }) => {
  /** The prediction first: one that is not made costs no experiment. */
  async function predicted({ id, options }: Prediction): Promise<Choice> {
    const choice = await run('predict', id);
    if (choice !== null && choice in options) return choice as Choice;
    throw new WrongAnswer({
      seen: choice === null ? `no prediction for "${id}"` : `the prediction for "${id}" is ${choice}`,
      expected: `one of the letters ${Object.keys(options).join(', ')}, as in the README`,
      readOn: READ_ON[id]!,
    });
  }

  for (const prediction of PREDICTIONS) {
    graded(prediction.about, async () => {
      const choice = await predicted(prediction);
      const { right, measured, bars } = await EXPERIMENTS[prediction.id]!(kafka);
      if (right === undefined) throw new Error(`The experiment came to nothing known: ${measured}.`);
      if (bars !== undefined) chart(comparedBarsChart(bars));
      if (choice !== right) {
        throw new WrongAnswer({
          seen: `the prediction "${prediction.options[choice]}"; measured just now: ${measured}`,
          expected: 'a prediction that agrees with these figures',
          readOn: READ_ON[prediction.id]!,
        });
      }
    });
  }
});
