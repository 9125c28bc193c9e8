import type { RecordMetadata } from '../../producer/record-metadata';
import type { ProducerRecord, SentRecord } from '../run-record';
import type { LoggedRecord } from '../simulated-cluster';
import { nameOf } from '../workload-records';
import type { Invariant, Violation } from './invariant';
import { toldOf } from './run-facts';
import type { RunFacts } from './run-facts';

/**
 * Not promised: with acks=0 the producer is told nothing; with acks=1, or a topic that allows unclean elections, the leader's
 * copy may be lost; a response may be malformed so that it tells of success without an offset; a topic that is deleted takes its records with it. Without idempotence a retry may write a record twice,
 * and so it may where the leaders forget producer ids.
 */
export const acknowledgedIsLogged: Invariant = {
  number: 1,
  promise: 'a record whose future resolved is in the log once, at the offset and partition it was told',
  *check(run) {
    for (const producer of run.trusted) {
      if (producer.settings.acks === 0) continue;
      for (const record of producer.records) {
        const told = toldOf(record);
        if (told === null || !('metadata' in told)) continue;
        const message = wrongPlace(run, producer, record, told.metadata) ?? wrongCount(run, producer, record);
        if (message !== null) yield violation(message, record, run, told.metadata);
      }
    }
  },
};

function violation(message: string, record: SentRecord, run: RunFacts, metadata: RecordMetadata): Violation {
  const there = run.at(metadata.topic, metadata.partition, metadata.offset);
  const other = there === undefined ? null : nameOf(there);
  const records = other === null || other === record.name ? [record.name] : [record.name, other];
  return { message, records, producer: record.producer };
}

function wrongPlace(
  run: RunFacts,
  producer: ProducerRecord,
  record: SentRecord,
  metadata: RecordMetadata,
): string | null {
  const { name, partition } = record;
  const { topic, partition: toldPartition, offset } = metadata;
  const place = `${topic}-${toldPartition}`;
  const isMoved = producer.plan.parts?.interceptor === 'moves';
  if (partition !== null && !isMoved && partition !== toldPartition)
    return `Record ${name} was sent to partition ${partition} and was told ${place}.`;
  if (!metadata.hasOffset()) {
    if (run.places(name).length > 0 || run.successIsMadeUp || mayBeLost(run, producer, record)) return null;
    return `Record ${name} was acknowledged in ${place} (without an offset), and no log has it.`;
  }
  const there = run.at(topic, toldPartition, offset);
  if (there !== undefined && nameOf(there) === name) return wrongContents(run, record, metadata, there);
  if (mayBeLost(run, producer, record)) return null;
  return `Record ${name} was told offset ${offset} of ${place}, but ${whatIsThere(there)}; ${whereItIs(run, name)}.`;
}

function whatIsThere(there: LoggedRecord | undefined): string {
  if (there === undefined) return 'nothing is there';
  return `record ${nameOf(there) ?? 'of nobody'} is there`;
}

function whereItIs(run: RunFacts, name: string): string {
  const places = run.places(name);
  if (places.length === 0) return `${name} is in no log`;
  return `${name} is at ${places.map(({ topic, partition, record }) => `${topic}-${partition}@${record.offset}`).join(' and ')}`;
}

function wrongContents(
  run: RunFacts,
  record: SentRecord,
  metadata: RecordMetadata,
  there: LoggedRecord,
): string | null {
  const place = metadata.toString();
  if (!isSame(record.key, there.key))
    return `Record ${record.name} has another key in the log (${place}) than was sent.`;
  if (!isSame(record.value, there.value))
    return `Record ${record.name} has another value in the log (${place}) than was sent.`;
  if (there.headers.length !== record.headers)
    return `Record ${record.name} was sent with ${record.headers} headers and has ${there.headers.length} in the log (${place}).`;
  // Of a batch that it has already, a broker tells the largest timestamp, of whatever type they are (UnifiedLog.append).
  const mayBeDuplicate = run.transmissions(record).length > 1;
  if (metadata.timestamp !== there.timestamp && !mayBeDuplicate)
    return `Record ${record.name} was told timestamp ${metadata.timestamp}, and has ${there.timestamp} in the log (${place}).`;
  return null;
}

function isSame(sent: Buffer | null, logged: Buffer | null): boolean {
  return sent === null || logged === null ? sent === logged : sent.equals(logged);
}

function wrongCount(run: RunFacts, { settings }: ProducerRecord, { name }: SentRecord): string | null {
  const places = run.places(name);
  const mayBeTwice = !settings.enableIdempotence || run.numbersProtectNothing;
  if (places.length <= 1 || (mayBeTwice && settings.retries > 0)) return null;
  return `Record ${name} was acknowledged, and is in the log ${places.length} times: ${whereItIs(run, name)}.`;
}

function mayBeLost(run: RunFacts, { settings }: ProducerRecord, { name }: SentRecord): boolean {
  const lost = run.lost(name);
  if (lost === undefined) return false;
  if (lost.reason === 'topic-deleted' || settings.acks === 1) return true;
  const topic = run.run.schedule.topics.find((one) => one.name === lost.topic);
  return topic?.config?.['unclean.leader.election.enable'] === 'true';
}
