import { OutOfOrderSequenceError, TimeoutError } from '../../protocol/errors';
import type { ProducerRecord, RunRecord, SentRecord } from '../run-record';
import { calmAfterMs, longestPauseMs } from './calm-times';
import type { Violation } from './invariant';
import { messageOf } from './run-facts';
import type { RunFacts } from './run-facts';

/** Less can run out: then a record waits for others. */
const MUCH_MEMORY = 20_000;

/**
 * To settle with an error is easy. So a record that was sent while nothing was wrong with the cluster, and that had time
 * enough, may not time out; and an idempotent producer never gives a batch up because its numbers are out of order (KIP-360).
 */
export function* needlessFailures(run: RunFacts, producer: ProducerRecord): Generator<Violation> {
  for (const record of producer.records) {
    const error = record.get?.error ?? record.send?.error;
    if (error === undefined) continue;
    const message = outOfOrder(run, producer, record, error) ?? timedOut(run.run, producer, record, error);
    if (message !== null) yield { message, records: [record.name], producer: producer.index };
  }
}

function outOfOrder(
  run: RunFacts,
  { settings }: ProducerRecord,
  { name }: SentRecord,
  error: unknown,
): string | null {
  if (!(error instanceof OutOfOrderSequenceError) || !settings.enableIdempotence || settings.retries < 3)
    return null;
  if (run.numbersProtectNothing) return null;
  return `Record ${name} failed with "${messageOf(error)}": a producer without transactions sends it in a new epoch.`;
}

function timedOut(
  run: RunRecord,
  producer: ProducerRecord,
  record: SentRecord,
  error: unknown,
): string | null {
  if (
    !(error instanceof TimeoutError) ||
    !hasTime(run, producer, record) ||
    !isPossible(run, producer, record)
  )
    return null;
  const calmMs = run.startMs + calmAfterMs(run) + longestPauseMs(producer);
  if (record.calledMs < calmMs || requestsFailedSince(run, record.calledMs)) return null;
  return `Record ${record.name} failed with "${messageOf(error)}", although nothing was wrong with the cluster and there was time enough.`;
}

/** For metadata, a producer id, the records before it, and a retry in between. */
function hasTime(run: RunRecord, producer: ProducerRecord, { get }: SentRecord): boolean {
  const { maxBlockMs, deliveryTimeoutMs, requestTimeoutMs } = producer.settings;
  const { maxMs, replicationMs = 0, metadataDelayMs = 0 } = run.schedule.network;
  const tripMs = maxMs + replicationMs + metadataDelayMs;
  const neededMs = 3 * longestPauseMs(producer) + tripMs * (10 + producer.records.length);
  const hadMs = get === null ? maxBlockMs : deliveryTimeoutMs;
  return hadMs >= neededMs && requestTimeoutMs > 2 * tripMs;
}

/** Somebody else's failures may have taken the time, and faults without an end may go on. */
function requestsFailedSince({ producers, disturbances }: RunRecord, calledMs: number): boolean {
  return (
    disturbances.some(({ atMs }) => atMs >= calledMs) ||
    producers.some(({ requests, lookups }) =>
      [...requests, ...lookups].some(({ sentMs, failure }) => failure !== null && sentMs >= calledMs),
    )
  );
}

/** There is such a partition, and the topic takes what is written to it. */
function isPossible(
  { schedule, logs }: RunRecord,
  { settings, plan }: ProducerRecord,
  record: SentRecord,
): boolean {
  const topic = schedule.topics.find(({ name }) => name === record.topic);
  const minInSync = Number(topic?.config?.['min.insync.replicas'] ?? 1);
  const partitions = logs.filter((one) => one.topic === record.topic).map(({ partition }) => partition);
  if (minInSync > schedule.brokers || partitions.length === 0 || plan.parts?.partitioner !== undefined)
    return false;
  if (settings.bufferMemory < MUCH_MEMORY) return false;
  return record.partition === null || partitions.includes(record.partition);
}
