import type { ProducerRecord, RunRecord, SentRecord } from '../run-record';
import type { Invariant, Violation } from './invariant';
import { calmAfterMs, longestPauseMs } from './calm-times';
import { lateRetries } from './late-retries';
import { needlessFailures } from './needless-failures';
import type { RunFacts } from './run-facts';

/** Of timers and of what has to happen at the same moment. */
const SLACK_MS = 1;

export const everythingSettles: Invariant = {
  number: 4,
  promise:
    'every send(), future, callback, flush() and close() settles within max.block.ms + delivery.timeout.ms + a request timeout',
  *check(run) {
    for (const producer of run.run.producers) yield* lateCalls(run.run, producer);
    for (const producer of run.trusted) {
      yield* sleeps(run, producer);
      yield* lateRetries(run, producer);
      yield* needlessFailures(run, producer);
    }
  },
};

function* lateCalls(run: RunRecord, producer: ProducerRecord): Generator<Violation> {
  for (const { what, record, calledMs, limitMs, limit, settledMs } of producer.calls) {
    if (settledMs !== null && settledMs <= limitMs + SLACK_MS) continue;
    // The run was given up, which says nothing of what would have become of the call.
    if (settledMs === null && run.spinningAtMs !== null) continue;
    const of = record === null ? '' : ` of record ${record}`;
    const from = calledMs - run.startMs;
    const seen =
      settledMs === null
        ? `has not settled after ${run.endMs - calledMs} ms`
        : `settled after ${settledMs - calledMs} ms`;
    yield {
      message: `${what}${of}, called at ${from} ms, ${seen}: allowed are ${limitMs - calledMs} ms, ${limit}.`,
      records: record === null ? [] : [record],
      producer: producer.index,
      atMs: limitMs,
    };
  }
}

/** Records wait, the cluster is well, nothing is under way, and the producer does nothing for longer than any of its pauses. */
function* sleeps(run: RunFacts, producer: ProducerRecord): Generator<Violation> {
  const longestMs = longestPauseMs(producer);
  for (const { fromMs, toMs } of quietTimes(run.run, producer)) {
    if (toMs - fromMs <= longestMs) continue;
    const waiting = producer.records.filter((record) => isOpenDuring(record, fromMs, toMs));
    if (waiting.length === 0) continue;
    const names = waiting.map(({ name }) => name);
    const start = fromMs - run.run.startMs;
    yield {
      message: `From ${start} to ${toMs - run.run.startMs} ms the producer does nothing, although ${names.length === 1 ? `record ${names[0]} waits` : `${names.length} records wait (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''})`} and nothing is wrong with the cluster.`,
      records: names.slice(0, 3),
      producer: producer.index,
      atMs: fromMs,
    };
    return;
  }
}

/** Times without a request under way, after the last disturbance of the cluster. */
function quietTimes(
  run: RunRecord,
  { requests, lookups }: ProducerRecord,
): { fromMs: number; toMs: number }[] {
  const changes = [...requests, ...lookups].flatMap(({ sentMs, settledMs }) => [
    { atMs: sentMs, by: 1 },
    ...(settledMs === null ? [] : [{ atMs: settledMs, by: -1 }]),
  ]);
  changes.sort((a, b) => a.atMs - b.atMs || b.by - a.by);
  const quiet: { fromMs: number; toMs: number }[] = [];
  let underWay = 0;
  let fromMs = run.startMs + calmAfterMs(run);
  for (const { atMs, by } of [...changes, { atMs: run.endMs, by: 0 }]) {
    if (underWay === 0 && atMs > fromMs) quiet.push({ fromMs, toMs: atMs });
    underWay += by;
    if (atMs > fromMs) fromMs = atMs;
  }
  return quiet;
}

function isOpenDuring({ calledMs, send, get, unseen }: SentRecord, fromMs: number, toMs: number): boolean {
  if (unseen || calledMs > fromMs) return false;
  const endMs = send !== null && send.value === undefined ? send.atMs : (get?.atMs ?? Infinity);
  return endMs > toMs;
}
