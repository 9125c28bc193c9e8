import { batchDeparturesChart } from '../../src/charts/batch-departures';
import type { BatchDeparture } from '../../src/charts/batch-departures';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import type { AccumulatorState, BatchState } from '../../src/producer/index';
import type * as probe from './probes/04-batch-readiness';
import type { AskedQuestion, Question } from './probes/04-batch-readiness';
import { brokerTopic } from './support/broker-topic';
import { judgeCarriedLog } from './support/carried-log';

const READ_ON = 'notebook 01-architecture, "Then a thousand"';
const NOW_MS = 1_000_000;

/** New, small, with time left: a batch that has no reason to go. */
const WAITING: BatchState = {
  createdMs: NOW_MS,
  lastAttemptMs: NOW_MS,
  attempts: 0,
  sizeInBytes: 300,
  closed: false,
};
const IDLE: AccumulatorState = {
  batchSize: 16_384,
  lingerMs: 50,
  retryBackoffMs: 100,
  waitingForMemory: false,
  flushing: false,
  closed: false,
  muted: false,
};

interface Case {
  readonly nowMs?: number;
  readonly batch?: Partial<BatchState>;
  readonly accumulator?: Partial<AccumulatorState>;
  readonly expected: boolean;
  /** Ends the sentence "The batch may (not) go: …". */
  readonly because: string;
}

/** The rule itself (RecordAccumulator.batchReady, behaviours E-07 to E-09, E-16, E-17, E-20, E-22), and what decided. */
function verdict({ nowMs, batch, accumulator }: Question): { expected: boolean; because: string } {
  const waitedMs = nowMs - batch.lastAttemptMs;
  const stay = (because: string) => ({ expected: false, because });
  const go = (because: string) => ({ expected: true, because });
  if (accumulator.muted) return stay('the partition is muted');
  if (batch.attempts > 0 && waitedMs < accumulator.retryBackoffMs) return stay('it backs off');
  if (batch.closed || batch.sizeInBytes >= accumulator.batchSize) return go('it is full');
  if (waitedMs >= accumulator.lingerMs) return go('linger is over');
  if (accumulator.waitingForMemory) return go('a send() waits for memory');
  if (accumulator.flushing) return go('the producer is flushing');
  if (accumulator.closed) return go('the producer is being closed');
  return stay('nothing is a reason to go yet');
}

exercise<typeof probe>('04-batch-readiness', { exports: ['isSendable'] }, ({ graded, run, kafka, chart }) => {
  async function judge(questions: readonly (Question & { expected: boolean; because: string })[]) {
    const said = await run(
      'decide',
      questions.map(({ nowMs, batch, accumulator }) => ({ nowMs, batch, accumulator })),
    );
    for (const [index, question] of questions.entries()) {
      if (said[index] === question.expected) continue;
      throw new WrongAnswer({
        seen: `isSendable returned ${said[index]} for ${inWords(question)}`,
        expected: `${question.expected}: ${question.because}`,
        readOn: READ_ON,
      });
    }
  }
  const judgeCases = (cases: readonly Case[]) =>
    judge(
      cases.map((one) => ({
        nowMs: one.nowMs ?? NOW_MS,
        batch: { ...WAITING, ...one.batch },
        accumulator: { ...IDLE, ...one.accumulator },
        expected: one.expected,
        because: one.because,
      })),
    );

  graded('lets a full batch go, and one that can take no further record', async () => {
    await judgeCases([
      { batch: { sizeInBytes: 16_383 }, expected: false, because: 'one byte is still free' },
      { batch: { sizeInBytes: 16_384 }, expected: true, because: 'it has reached batchSize' },
      { batch: { sizeInBytes: 20_000 }, expected: true, because: 'a record that is larger than batchSize' },
      { batch: { closed: true }, expected: true, because: 'it is closed, small as it is' },
      {
        batch: { sizeInBytes: 1 },
        accumulator: { batchSize: 1 },
        expected: true,
        because: 'with a batchSize of 1 every batch is full',
      },
    ]);
  });

  graded('lets a batch go as soon as linger is over, and not before', async () => {
    for (const lingerMs of [0, 1, 5, 50]) {
      const accumulator = { ...IDLE, lingerMs };
      const input = { batch: WAITING, accumulator, fromMs: NOW_MS, atMostMs: 2 * lingerMs + 2 };
      const waitedMs = await run('waitUntilSendable', input);
      if (waitedMs === lingerMs) continue;
      const seen = waitedMs === null ? `did not go within ${input.atMostMs} ms` : `went after ${waitedMs} ms`;
      throw new WrongAnswer({
        seen: `with lingerMs ${lingerMs}, a batch that was created at ${NOW_MS} ${seen}`,
        expected: `after ${lingerMs} ms, when it has waited lingerMs`,
        readOn: READ_ON,
      });
    }
    await judgeCases([
      {
        batch: { createdMs: NOW_MS - 5_000, lastAttemptMs: NOW_MS - 150, attempts: 1 },
        accumulator: { lingerMs: 1_000 },
        expected: false,
        because: 'waiting counts from lastAttemptMs (150 ms ago) and not from createdMs (5,000 ms ago)',
      },
    ]);
  });

  graded('lets every batch go when memory is exhausted, and on flush and close', async () => {
    const because = 'however small and young, it goes';
    await judgeCases([
      {
        accumulator: { waitingForMemory: true },
        expected: true,
        because: `a send() waits for memory: ${because}`,
      },
      { accumulator: { flushing: true }, expected: true, because: `the producer is flushing: ${because}` },
      { accumulator: { closed: true }, expected: true, because: `the producer is being closed: ${because}` },
      { expected: false, because: 'nothing is a reason to go yet' },
    ]);
  });

  graded('keeps a batch back while its partition is muted or it backs off, whatever else holds', async () => {
    const everything = { waitingForMemory: true, flushing: true, closed: true };
    const retried = { attempts: 1, closed: true, createdMs: NOW_MS - 5_000 };
    await judgeCases([
      {
        batch: { closed: true, createdMs: NOW_MS - 5_000, lastAttemptMs: NOW_MS - 5_000 },
        accumulator: { ...everything, muted: true },
        expected: false,
        because: 'the partition is muted: another batch of it is in flight, and this one could overtake it',
      },
      {
        batch: { ...retried, lastAttemptMs: NOW_MS - 99 },
        accumulator: everything,
        expected: false,
        because: 'it was sent 99 ms ago and backs off for 100 ms',
      },
      {
        batch: { ...retried, lastAttemptMs: NOW_MS - 60 },
        expected: false,
        because: 'linger (50 ms) is over, but it was sent 60 ms ago and backs off for 100 ms',
      },
      {
        batch: { ...retried, lastAttemptMs: NOW_MS - 100 },
        expected: true,
        because: 'it has waited for the whole backoff of 100 ms, and is full',
      },
      {
        batch: { closed: true },
        expected: true,
        because: 'a batch that was never sent (attempts 0) does not back off',
      },
    ]);
  });

  graded('decides every combination as the rule says', async () => {
    await judge(allCombinations().map((question) => ({ ...question, ...verdict(question) })));
  });

  graded('carries 5,000 records inside the real producer', async () => {
    // A stub, and an answer that does not load, are told so before a broker is asked for.
    await run('decide', [{ nowMs: NOW_MS, batch: WAITING, accumulator: IDLE }]);
    const settings = { batchSize: 2_048, lingerMs: 10 };
    const config = { 'batch.size': settings.batchSize, 'linger.ms': settings.lingerMs };
    // Most to the first partition, so that its batches fill up, and few to the last, where linger has to end them.
    const partitions = Array.from(
      { length: 5_000 },
      (_, number) => [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][number % 10]!,
    );
    await brokerTopic(await kafka(), { name: 'batch-readiness', partitions: 3 }, async (broker) => {
      const { topic, connect } = broker;
      const { carried, asked } = await run('carryRecords', { ...connect, topic, partitions, config });
      const departures = asked.filter(({ said }) => said === true).map(departure);
      const subtitle = '5,000 records through the real producer, which asked your isSendable';
      chart(batchDeparturesChart({ batches: departures, ...settings, subtitle }));
      const question = asked.find((one) => one.said !== verdict(one).expected);
      if (question !== undefined) {
        const { expected, because } = verdict(question);
        throw new WrongAnswer({
          seen: `inside the real producer isSendable returned ${question.said} for ${inWords(question)}`,
          expected: `${expected}: ${because}`,
          readOn: READ_ON,
        });
      }
      const stored = await broker.readRecords();
      judgeCarriedLog({ part: 'isSendable', partitions, carried, stored, readOn: READ_ON, inOrder: true });
    });
  });
});

/** Why a batch went, in the words of the trace. */
function departure(question: AskedQuestion): BatchDeparture {
  const { batch, accumulator, nowMs } = question;
  const waitedMs = nowMs - batch.lastAttemptMs;
  const reasons: readonly (readonly [string, boolean])[] = [
    ['full', batch.closed || batch.sizeInBytes >= accumulator.batchSize],
    ['linger', waitedMs >= accumulator.lingerMs],
    ['memory', accumulator.waitingForMemory],
    ['flush', accumulator.flushing],
    ['close', accumulator.closed],
  ];
  const [reason] = reasons.find(([, holds]) => holds) ?? ['no reason'];
  return { waitedMs, sizeInBytes: batch.sizeInBytes, reason };
}

function allCombinations(): Question[] {
  const flags = [false, true];
  const questions: Question[] = [];
  for (const closedBatch of flags)
    for (const sizeInBytes of [0, 999, 1_000, 1_001])
      for (const attempts of [0, 1, 7])
        for (const waitedMs of [0, 19, 20, 39, 40, 41])
          // Linger shorter than the backoff, as long, and longer.
          for (const lingerMs of [20, 40, 41])
            for (let bits = 0; bits < 16; bits++) {
              const lastAttemptMs = NOW_MS - waitedMs;
              questions.push({
                nowMs: NOW_MS,
                batch: {
                  createdMs: attempts === 0 ? lastAttemptMs : lastAttemptMs - 500,
                  lastAttemptMs,
                  attempts,
                  sizeInBytes,
                  closed: closedBatch,
                },
                accumulator: {
                  batchSize: 1_000,
                  lingerMs,
                  retryBackoffMs: 40,
                  waitingForMemory: (bits & 1) !== 0,
                  flushing: (bits & 2) !== 0,
                  closed: (bits & 4) !== 0,
                  muted: (bits & 8) !== 0,
                },
              });
            }
  return questions;
}

/** A question as a sentence: only what differs from an idle producer. */
function inWords({ nowMs, batch, accumulator }: Question): string {
  const waited = `waiting for ${nowMs - batch.lastAttemptMs} ms since ${batch.attempts === 0 ? 'it was created' : 'its last attempt'}`;
  const flags = (['waitingForMemory', 'flushing', 'closed', 'muted'] as const).filter(
    (name) => accumulator[name],
  );
  return [
    `a batch of ${batch.sizeInBytes} bytes (closed: ${batch.closed}, attempts: ${batch.attempts}), ${waited}`,
    `batchSize ${accumulator.batchSize}, lingerMs ${accumulator.lingerMs}, retryBackoffMs ${accumulator.retryBackoffMs}`,
    flags.length === 0
      ? 'nothing else going on'
      : `in the accumulator ${flags.map((name) => `${name}: true`).join(', ')}`,
  ].join('; ');
}
