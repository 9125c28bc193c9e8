import { ERROR_CODE } from '../../protocol/error-code';
import type { ObservedLookup, ProducerRecord } from '../run-record';
import type { Invariant, Violation } from './invariant';
import type { RunFacts, Transmission } from './run-facts';

const JITTER = 0.8;
/** Forty records are single ones after a first split and six halvings. */
const MOST_SPLITS = 8;
/** Timers of whole milliseconds. */
const SLACK_MS = 1;
/** Of several topics, which are forgotten one by one. */
const SHORT_PAUSES_ALLOWED = 3;

export const retriesBackOff: Invariant = {
  number: 7,
  promise: 'retries respect backoff: no busy loop',
  *check(run) {
    const { spinningAtMs, startMs } = run.run;
    if (spinningAtMs !== null) {
      const atMs = spinningAtMs - startMs;
      const message = `At ${atMs} ms the producer spins: thousands of turns and timers without the time moving on.`;
      yield { message, records: [], producer: 0, atMs: spinningAtMs };
    }
    for (const producer of run.trusted) {
      yield* batches(run, producer);
      yield* lookups(producer);
    }
  },
};

/** Followed by the first record of each batch: retries keep it, and pieces of a split batch begin anew. */
function* batches(run: RunFacts, producer: ProducerRecord): Generator<Violation> {
  const last = new Map<string, { sent: Transmission; attempts: number; splits: number }>();
  for (const sent of run.batchesSent(producer)) {
    const name = sent.names[0]!;
    const before = last.get(name);
    const wasSplit = before?.sent.errorCode === ERROR_CODE.MESSAGE_TOO_LARGE;
    const splits = (before?.splits ?? 0) + (wasSplit ? 1 : 0);
    const attempts = wasSplit || before === undefined ? 0 : before.attempts + 1;
    last.set(name, { sent, attempts, splits });
    const message =
      splits > MOST_SPLITS
        ? `The batch that begins with record ${name} was refused as too large ${splits} times, and is split without end.`
        : before === undefined || attempts === 0
          ? null
          : tooSoon(producer, before.sent, sent, attempts);
    if (message === null) continue;
    yield { message, records: [name], producer: producer.index, atMs: sent.request.sentMs };
    return;
  }
}

function tooSoon(
  producer: ProducerRecord,
  before: Transmission,
  sent: Transmission,
  attempts: number,
): string | null {
  const failedMs = before.request.settledMs;
  const { sentMs } = sent.request;
  if (failedMs === null) return null;
  const { retryBackoffMs, retryBackoffMaxMs } = producer.settings;
  const leastMs = JITTER * Math.min(retryBackoffMs * 2 ** (attempts - 1), retryBackoffMaxMs);
  if (sentMs - failedMs >= leastMs - SLACK_MS) return null;
  if (before.request.node !== sent.request.node || leaderMoved(producer, sent, before.request.sentMs))
    return null;
  return `Record ${sent.names[0]} was retried ${sentMs - failedMs} ms after its attempt ${attempts} had failed: with retry.backoff.ms ${retryBackoffMs} it is at least ${Math.round(leastMs)}.`;
}

/** A new leader need not be spared (KIP-951), the same broker in a new epoch included. */
function leaderMoved(
  { leaderNews }: ProducerRecord,
  { batch, request }: Transmission,
  sinceMs: number,
): boolean {
  return leaderNews.some(
    ({ atMs, topic, partition }) =>
      topic === batch.topic && partition === batch.partition && atMs >= sinceMs && atMs <= request.sentMs,
  );
}

/**
 * Metadata for topics that were not asked for before need not wait, and so it is for a topic that was forgotten because
 * nothing was sent to it for metadata.max.idle.ms. So a few short pauses after responses are allowed.
 */
function* lookups(producer: ProducerRecord): Generator<Violation> {
  const { retryBackoffMs, retryBackoffMaxMs } = producer.settings;
  const leastMs = JITTER * Math.min(retryBackoffMs, retryBackoffMaxMs);
  const last = new Map<ObservedLookup['kind'], { lookup: ObservedLookup; shortPauses: number }>();
  for (const lookup of producer.lookups) {
    const before = last.get(lookup.kind);
    const afterMs = lookup.sentMs - (before?.lookup.settledMs ?? -Infinity);
    const isShort =
      before !== undefined && !isForNewTopic(lookup, before.lookup) && afterMs < leastMs - SLACK_MS;
    const shortPauses = isShort ? before.shortPauses + 1 : 0;
    last.set(lookup.kind, { lookup, shortPauses });
    if (!isShort || (before.lookup.failure === null && shortPauses <= SHORT_PAUSES_ALLOWED)) continue;
    const what = lookup.kind === 'metadata' ? `Metadata of ${lookup.topics.join(', ')}` : 'A producer id';
    yield {
      message: `${what} was asked for ${afterMs} ms after the last response: with retry.backoff.ms ${retryBackoffMs} it is at least ${Math.round(leastMs)}.`,
      records: [],
      producer: producer.index,
      atMs: lookup.sentMs,
    };
    return;
  }
}

function isForNewTopic(lookup: ObservedLookup, before: ObservedLookup): boolean {
  return lookup.topics.some((topic) => !before.topics.includes(topic));
}
