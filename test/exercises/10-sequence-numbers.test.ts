import { batchAnswersChart } from '../../src/charts/batch-answers';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import { SeededRandom } from '../../src/lab/seeded-random';
import type * as probe from './probes/10-sequence-numbers';
import type { Stamp, Step } from './probes/10-sequence-numbers';
import { answerInWords } from './support/log-answer';
import { PARTITIONS, sendStamped, stepsForTheBroker } from './support/stamped-batches';

const READ_ON = 'notebook 04-idempotence, "Sequence numbers"';
const SEQUENCES = 2_147_483_648;
const PRODUCER_ID = 4_711_000_000_000_000_042n;

const batch = (partition: number, records: number): Step => ({ partition, records });

exercise<typeof probe>(
  '10-sequence-numbers',
  { exports: ['SequenceTracker'] },
  ({ graded, run, kafka, chart }) => {
    async function judge(steps: readonly Step[], epoch = 0): Promise<void> {
      const stamps = await run('stampAll', { producerId: PRODUCER_ID, epoch, steps });
      const expected = expectedStamps(PRODUCER_ID, epoch, steps);
      const index = expected.findIndex((stamp, at) => inWords(stamp) !== inWords(stamps[at]!));
      if (index < 0) return;
      throw new WrongAnswer({
        seen: `after ${story(steps, index)} the last batch has the stamp ${inWords(stamps[index]!)}`,
        expected: inWords(expected[index]!),
        readOn: READ_ON,
      });
    }

    graded('counts records, for each partition from 0', async () => {
      await judge([batch(0, 1), batch(0, 1), batch(0, 5), batch(0, 1)]);
      await judge([
        batch(0, 3),
        batch(1, 2),
        batch(0, 4),
        batch(7, 1),
        batch(1, 6),
        batch(7, 1),
        batch(1, 1),
      ]);
      await judge([batch(3, 2), batch(3, 2)], 12);
      await judge(randomSteps(1, 300));
    });

    graded('goes on at 0 after 2147483647', async () => {
      await judge([batch(0, SEQUENCES - 2), batch(0, 1), batch(0, 1), batch(0, 1), batch(0, 1)]);
      await judge([batch(0, SEQUENCES - 2), batch(0, 4), batch(0, 3), batch(1, 2), batch(0, 1)]);
      await judge([batch(0, SEQUENCES - 1), batch(0, 1_000), batch(0, SEQUENCES - 1), batch(0, 1)]);
    });

    graded('starts every partition again with the next epoch', async () => {
      await judge([batch(0, 3), batch(1, 2), 'bump', batch(0, 2), batch(0, 1), batch(1, 1), batch(2, 1)]);
      await judge([batch(0, 3), 'bump', batch(0, 2), 'bump', 'bump', batch(0, 4), batch(0, 1)], 5);
    });

    graded('has the real broker write each batch once, and know the resends', async () => {
      const steps = stepsForTheBroker();
      await run('stampAll', { producerId: PRODUCER_ID, epoch: 0, steps });
      const sent = await sendStamped(await kafka(), steps, (producerId) =>
        run('stampAll', { producerId, epoch: 0, steps }),
      );
      const rows = Array.from({ length: PARTITIONS }, (_, partition) => ({
        name: `partition ${partition}`,
        batches: sent
          .filter((one) => one.partition === partition)
          .map((one) => ({
            label: `${one.resend ? '↺ ' : ''}${shortStamp(one.stamp)}×${one.records}`,
            answers: [one.expected.status, one.answer?.status ?? ('other' as const)] as const,
            details: [
              answerInWords(one.expected),
              one.answer ? answerInWords(one.answer) : 'not sent',
            ] as const,
          })),
      }));
      const subtitle =
        'With the stamps of your SequenceTracker. ↺: sent again, as after a lost acknowledgement; e1: epoch 1';
      chart(batchAnswersChart({ series: ['the plan', 'the broker'], rows, subtitle }));
      for (const [index, { partition, records, stamp, resend, expected, answer }] of sent.entries()) {
        if (answer !== undefined && answerInWords(answer) === answerInWords(expected)) continue;
        const before = sent.slice(0, index).filter((one) => one.partition === partition);
        const earlier = before.map((one) => `${inWords(one.stamp)} with ${one.records} records`).join('; ');
        throw new WrongAnswer({
          seen: `${resend ? 'sent again, ' : ''}a batch of ${records} records for partition ${partition} with ${inWords(stamp)}: ${answer === undefined ? 'no batch can carry this' : `the broker answered ${answerInWords(answer)}`}`,
          expected: `${answerInWords(expected)}${earlier === '' ? '' : `, after the batches ${earlier}`}`,
          readOn: READ_ON,
        });
      }
    });
  },
);

/** The rule as a calculation of its own. */
function expectedStamps(producerId: bigint, epoch: number, steps: readonly Step[]): Stamp[] {
  const written: { partition: number; records: number }[] = [];
  const stamps: Stamp[] = [];
  let producerEpoch = epoch;
  for (const step of steps) {
    if (step === 'bump') {
      producerEpoch += 1;
      written.length = 0;
      continue;
    }
    const before = written.filter(({ partition }) => partition === step.partition);
    const records = before.reduce((sum, one) => sum + one.records, 0);
    stamps.push({ producerId, producerEpoch, baseSequence: records % SEQUENCES });
    written.push(step);
  }
  return stamps;
}

function randomSteps(seed: number, count: number): Step[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () =>
    random.chance(0.02) ? 'bump' : batch(random.integer(0, 5), random.integer(1, 900)),
  );
}

function inWords({ producerId, producerEpoch, baseSequence }: Stamp): string {
  return `{ producerId: ${producerId}${typeof producerId === 'bigint' ? 'n' : ''}, producerEpoch: ${producerEpoch}, baseSequence: ${baseSequence} }`;
}

/** Short enough for a chart: the last numbers counted from their end. */
function shortStamp({ producerEpoch, baseSequence }: Stamp): string {
  const fromTheEnd = SEQUENCES - 1 - Number(baseSequence);
  const sequence = fromTheEnd > 99 ? baseSequence : fromTheEnd <= 0 ? 'max' : `max−${fromTheEnd}`;
  return `${producerEpoch === 0 ? '' : `e${producerEpoch} `}${sequence}`;
}

/** The steps up to the batch of this number; of many only the last. */
function story(steps: readonly Step[], stampIndex: number): string {
  let stamps = -1;
  const last = steps.findIndex((step) => step !== 'bump' && ++stamps === stampIndex);
  const first = Math.max(0, last - 8);
  const told = steps.slice(first, last + 1).map((step) => {
    return step === 'bump' ? 'bumpEpoch()' : `stamp(${step.partition}, ${step.records})`;
  });
  return `${first === 0 ? '' : `${first} other calls, then `}${told.join(', ')}`;
}
