import { bufferUseChart } from '../../src/charts/buffer-use';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import type * as probe from './probes/14-backpressure';
import type { Ending, ErrorName, PlannedScript, Story } from './probes/14-backpressure';
import { brokerTopic } from './support/broker-topic';

const READ_ON = 'notebook 07-tuning-and-pitfalls, "Running out of buffer memory"';

/** Eight batches fit; each of the 75 that there are keeps the broker busy for longer than send() waits for memory. */
const MEMORY = 8_192;
const SLOW = { records: 150, valueLength: 400, requestTakesMs: 25 };
const CONFIG = {
  'buffer.memory': MEMORY,
  'batch.size': 1_024,
  'max.request.size': 4_096,
  'max.block.ms': 15,
  'linger.ms': 0,
};

const times = (count: number, name: ErrorName): ErrorName[] => Array.from({ length: count }, () => name);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const wrong = (seen: string, expected: string): WrongAnswer =>
  new WrongAnswer({ seen, expected, readOn: READ_ON });

exercise<typeof probe>(
  '14-backpressure',
  { exports: ['pump'], timeLimitMs: 15_000 },
  ({ graded, run, kafka, chart }) => {
    const pump = (records: number, scripts: Readonly<Record<number, PlannedScript>> = {}): Promise<Story> =>
      run('pumpByScript', { records, scripts });

    graded('reads a record only when send() has taken the one before', async () => {
      const scripts = { 4: { refusals: times(3, 'BufferExhaustedError') }, 9: { answerAfterMs: 50 } };
      const { mostAhead } = await pump(30, scripts);
      if (mostAhead > 1) {
        throw wrong(
          `of 30 records, up to ${mostAhead} were read that send() had not taken yet`,
          'at most one: what is read and not taken is outside of buffer.memory, where nothing limits it',
        );
      }
    });

    graded('tries the same record again when send() runs into a TimeoutError', async () => {
      const refusals: Record<number, number> = { 0: 1, 3: 2, 4: 6, 9: 1 };
      for (const name of ['BufferExhaustedError', 'TimeoutError'] as const) {
        const scripts = Object.fromEntries(
          Object.entries(refusals).map(([number, count]) => [number, { refusals: times(count, name) }]),
        );
        const { calls, taken, ending } = await pump(10, scripts);
        const expected = upTo(10).flatMap((number) => [
          ...times(refusals[number] ?? 0, name).map(() => number),
          number,
        ]);
        const happened = `send() got the records ${calls.join(', ')}, took ${taken.join(', ') || 'none'}, and pump ${inWords(ending)}`;
        const told = `record 0 was refused once with a ${name}, 3 twice, 4 six times and 9 once`;
        if (calls.join() !== expected.join() || !('returned' in ending)) {
          throw wrong(
            `${told}: ${happened}`,
            `the records ${expected.join(', ')}: not taken means not written, so the same record comes again, and before any other`,
          );
        }
      }
    });

    graded(
      'sends nothing twice that may have been written, and rejects when all the rest has its answer',
      async () => {
        const slow = { answerAfterMs: 60 };
        await judgeFailure('get() of record 3 rejected with a TimeoutError', 3, {
          1: slow,
          3: { failure: 'TimeoutError', answerAfterMs: 1 },
        });
        await judgeFailure('get() of the last record rejected with a NotEnoughReplicasError', 9, {
          8: slow,
          9: { failure: 'NotEnoughReplicasError', answerAfterMs: 1 },
        });
        await judgeFailure('send() rejected record 5 with a RecordTooLargeError', 5, {
          4: slow,
          5: { refusals: times(40, 'RecordTooLargeError') },
        });
      },
    );

    async function judgeFailure(
      what: string,
      bad: number,
      scripts: Readonly<Record<number, PlannedScript>>,
    ): Promise<void> {
      const { calls, ending, unanswered } = await pump(10, scripts);
      const sent = calls.filter((number) => number === bad).length;
      if (sent !== 1)
        throw wrong(`${what}, and it was sent ${sent} times`, 'once: trying again does not mend it');
      const twice = calls.find((number, index) => calls.indexOf(number) !== index);
      if (twice !== undefined) throw wrong(`${what}, and record ${twice} was sent twice`, 'each record once');
      if (!('rejected' in ending)) {
        throw wrong(
          `${what}, and pump ${inWords(ending)}`,
          'pump to reject with it: else nobody knows that a record is missing',
        );
      }
      // Which one is left to the answer: an AggregateError of all that went wrong is as good as the first of them.
      if (!ending.isError) {
        throw wrong(
          `${what}, and pump ${inWords(ending)}`,
          'pump to reject with that error, or with one that has it',
        );
      }
      if (unanswered > 0) {
        throw wrong(
          `${what}, and pump rejected while ${unanswered} other records had no answer yet`,
          'pump to reject once everything on its way has its answer: until then nobody knows what was written',
        );
      }
    }

    graded('returns how many were delivered, after they were', async () => {
      const scripts = { 2: { answerAfterMs: 80 }, 4: { answerAfterMs: 40 } };
      for (const records of [0, 1, 7]) {
        const { ending, unanswered } = await pump(records, scripts);
        if (!('returned' in ending) || ending.returned !== String(records) || unanswered > 0) {
          throw wrong(
            `with ${records} records in the source, pump ${inWords(ending)} while ${unanswered} had no answer yet`,
            `${records}, when all of them are delivered`,
          );
        }
      }
    });

    graded('delivers every record once and in order, through little memory to a slow broker', async () => {
      // A stub, and an answer that does not load, are told so before a broker is asked for.
      await pump(0);
      const options = { name: 'backpressure', partitions: 1 };
      await brokerTopic(await kafka(), options, async ({ topic, connect, readRecords }) => {
        const pumped = await run('pumpToSlowBroker', { ...connect, topic, config: CONFIG, ...SLOW });
        const { ending, memory, timeouts, mostAhead, unanswered } = pumped;
        const subtitle = `${SLOW.records} records of ${SLOW.valueLength} bytes to a broker that takes ${SLOW.requestTakesMs} ms for each request; send() gave up waiting ${timeouts} times`;
        chart(bufferUseChart({ events: memory, totalBytes: MEMORY, subtitle }));
        const [stored = []] = await readRecords();
        const numbers = stored.map(({ value }) => Number(value!.toString('latin1').replace(/\.+$/, '')));
        const at = upTo(SLOW.records).findIndex((number) => number !== numbers[number]);
        const after = `send() ran into ${timeouts} timeouts, and pump ${inWords(ending)}`;
        if (at >= 0 || numbers.length !== SLOW.records) {
          const where = at < 0 ? SLOW.records : at;
          throw wrong(
            `${after}; the log holds ${numbers.length} records, with ${numbers[where] ?? 'nothing'} where ${at < 0 ? 'nothing' : where} should be`,
            `${SLOW.records} records, each once and in the order of the source`,
          );
        }
        if (!('returned' in ending) || ending.returned !== String(SLOW.records) || unanswered > 0) {
          throw wrong(
            `${after} while ${unanswered} records had no answer yet`,
            `${SLOW.records}, when all are delivered`,
          );
        }
        if (mostAhead > 1) {
          throw wrong(`${mostAhead} records were read that send() had not taken yet`, 'at most one');
        }
      });
    });
  },
);

function inWords(ending: Ending): string {
  return 'returned' in ending ? `returned ${ending.returned}` : `rejected with ${ending.rejected}`;
}
