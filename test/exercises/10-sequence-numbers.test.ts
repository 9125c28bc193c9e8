import { batchAnswersChart } from '../../src/charts/batch-answers';
import { logLayoutChart } from '../../src/charts/log-layout';
import type { StoredBatch } from '../../src/charts/log-layout';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import type { DecodedRecordBatch } from '../../src/network/log-reader';
import { SeededRandom } from '../../src/support/seeded-random';
import type * as probe from './probes/10-sequence-numbers';
import type { Resend, Stamp, Step } from './probes/10-sequence-numbers';
import { brokerTopic } from './support/broker-topic';
import { judgeCarriedLog } from './support/carried-log';
import { answerInWords } from './support/log-answer';
import { PARTITIONS, sendStamped, stepsForTheBroker } from './support/stamped-batches';

const READ_ON = 'notebook 04-idempotence, "On the wire"';
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

    graded('carries 5,000 records inside the real producer, while acknowledgements get lost', async () => {
      // A stub, and an answer that does not load, are told so before a broker is asked for.
      await run('stampAll', { producerId: PRODUCER_ID, epoch: 0, steps: [batch(0, 1)] });
      // One in flight: however many acknowledgements get lost in a row, the broker still remembers the batch that is sent again.
      const inFlight = { 'max.in.flight.requests.per.connection': 1 };
      const backoff = { 'retry.backoff.ms': 5, 'retry.backoff.max.ms': 20 };
      const config = { 'batch.size': 2_048, 'linger.ms': 5, ...inFlight, ...backoff };
      const partitions = Array.from({ length: 5_000 }, (_, number) => number % PARTITIONS);
      await brokerTopic(
        await kafka(),
        { name: 'sequence-numbers', partitions: PARTITIONS },
        async (broker) => {
          const { topic, connect } = broker;
          const { carried, resends } = await run('carryRecords', { ...connect, topic, partitions, config });
          const batches = (await broker.readBatches()).flatMap((log, partition) =>
            log.map((stored) => asDrawn(stored, partition, resends)),
          );
          const subtitle =
            '5,000 records through the real producer with your SequenceTracker; every fifth acknowledgement got lost';
          chart(logLayoutChart({ batches, partitions: PARTITIONS, subtitle }));
          const stored = await broker.readRecords();
          judgeCarriedLog({
            part: 'SequenceTracker',
            partitions,
            carried,
            stored,
            readOn: READ_ON,
            inOrder: true,
          });
          const wrong = batches.find(({ baseOffset, baseSequence }) => baseOffset !== baseSequence);
          if (wrong === undefined) return;
          throw new WrongAnswer({
            seen: `in the log of partition ${wrong.partition}, the batch at offset ${wrong.baseOffset} has base sequence ${wrong.baseSequence} (epoch ${wrong.producerEpoch})`,
            expected: `${wrong.baseOffset}: a producer that is alone on a topic numbers its records as the broker does`,
            readOn: READ_ON,
          });
        },
      );
    });
  },
);

function asDrawn(stored: DecodedRecordBatch, partition: number, resends: readonly Resend[]): StoredBatch {
  const { baseOffset, recordCount, baseSequence, producerEpoch } = stored;
  const sentAgain = resends.some((one) => {
    return (
      one.partition === partition && one.baseSequence === baseSequence && one.producerEpoch === producerEpoch
    );
  });
  return { partition, baseOffset: Number(baseOffset), recordCount, baseSequence, producerEpoch, sentAgain };
}

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
