import type { ProducerRecord } from '../run-record';
import { calmAfterMs, longestPauseMs } from './calm-times';
import type { Violation } from './invariant';
import type { RunFacts, Transmission } from './run-facts';

/**
 * A batch whose backoff is over, whose broker can take a request, and of whose partition nothing else is under way, is sent
 * again, whatever other partitions wait for.
 */
export function* lateRetries(run: RunFacts, producer: ProducerRecord): Generator<Violation> {
  const calmMs = run.run.startMs + calmAfterMs(run.run);
  const last = new Map<string, Transmission>();
  for (const sent of run.batchesSent(producer)) {
    const name = sent.names[0]!;
    const before = last.get(name);
    last.set(name, sent);
    const failedMs = before?.request.settledMs;
    if (before === undefined || failedMs == null || failedMs < calmMs) continue;
    const dueMs = failedMs + longestPauseMs(producer);
    const { sentMs } = sent.request;
    if (sentMs <= dueMs || isHindered(producer, sent, failedMs, dueMs)) continue;
    yield {
      message: `Record ${name} was retried only ${sentMs - failedMs} ms after its attempt had failed, although its broker could have taken a request after ${dueMs - failedMs} ms.`,
      records: [name],
      producer: producer.index,
      atMs: sentMs,
    };
    return;
  }
}

/** From the failure until it was due: the connection broke, the partition was busy, or no request could be taken at the end. */
function isHindered(
  { requests, lookups, settings }: ProducerRecord,
  { batch, request }: Transmission,
  failedMs: number,
  dueMs: number,
): boolean {
  const isBetween = (atMs: number | null) => atMs !== null && atMs >= failedMs && atMs <= dueMs;
  if (lookups.some(({ settledMs, failure }) => failure !== null && isBetween(settledMs))) return true;
  const toNode = requests.filter(({ node }) => node === request.node);
  if (toNode.some(({ settledMs, failure }) => failure !== null && isBetween(settledMs))) return true;
  const isUnderWay = (one: (typeof requests)[number], fromMs: number) =>
    one.sentMs <= dueMs && (one.settledMs === null || one.settledMs > fromMs);
  const ofPartition = requests.filter(({ batches }) =>
    batches.some(({ topic, partition }) => topic === batch.topic && partition === batch.partition),
  );
  if (ofPartition.some((one) => one !== request && isUnderWay(one, failedMs))) return true;
  const atTheEnd = toNode.filter((one) => isUnderWay(one, dueMs));
  return atTheEnd.length >= settings.maxInFlightRequests;
}
