import { ERROR_CODE } from '../../protocol/error-code';
import { ApiError } from '../../protocol/errors';
import type { ProducerRecord, SentRecord } from '../run-record';
import type { Invariant, Violation } from './invariant';
import { keepsOrder, messageOf } from './run-facts';
import type { RunFacts } from './run-facts';

/**
 * A record whose send() failed has its callback called for errors of Kafka (ApiError), and not for wrong calls and user
 * code that threw, as in Java's doSend.
 */
export const callbacksRunOnce: Invariant = {
  number: 8,
  promise: 'each callback runs once, in order within its partition',
  *check(run) {
    for (const producer of run.trusted) {
      for (const record of producer.records) {
        const message = wrongCalls(record);
        if (message !== null) yield { message, records: [record.name], producer: producer.index };
      }
      if (keepsOrder(producer)) yield* order(run, producer);
    }
  },
};

function wrongCalls(record: SentRecord): string | null {
  const { name, callbacks, hasCallback, send, get } = record;
  if (!hasCallback) return null;
  if (callbacks.length > 1) return `The callback of record ${name} ran ${callbacks.length} times.`;
  const [call] = callbacks;
  if (send !== null && send.value === undefined) {
    const isTold = send.error instanceof ApiError;
    if (isTold === (call !== undefined)) return null;
    return `send() of record ${name} rejected with ${messageOf(send.error)}, and its callback ${isTold ? 'never ran' : 'ran'}.`;
  }
  if (get === null) return null;
  if (call === undefined) return `The future of record ${name} settled, and its callback never ran.`;
  if (call.atMs > get.atMs) return `The callback of record ${name} ran after its future had settled.`;
  if (get.value !== undefined && call.error === null && call.metadata.toString() === get.value.toString())
    return null;
  if (get.value === undefined && call.error === get.error) return null;
  const told = call.error === null ? call.metadata.toString() : messageOf(call.error);
  const future = get.value === undefined ? messageOf(get.error) : get.value.toString();
  return `The callback of record ${name} was told ${told}, and its future ${future}.`;
}

/**
 * Of acknowledged records, by the offsets that they were told. Not promised for a record that was written although the response
 * was an error that asks for a retry: those behind it are acknowledged before it is, in Java, too.
 */
function* order(run: RunFacts, producer: ProducerRecord): Generator<Violation> {
  const last = new Map<string, Told>();
  for (const one of acknowledged(run, producer)) {
    const before = last.get(one.partition);
    if (before === undefined || before.offset < one.offset) {
      last.set(one.partition, one);
      continue;
    }
    if (wasWrittenAndRefused(run, one.record)) continue;
    const names = [before.record.name, one.record.name];
    yield {
      message: `In ${one.partition} the callback of record ${names[0]} (offset ${before.offset}) ran before that of ${names[1]} (offset ${one.offset}).`,
      records: names,
      producer: producer.index,
      atMs: one.atMs,
    };
  }
}

interface Told {
  readonly record: SentRecord;
  readonly partition: string;
  readonly offset: bigint;
  readonly order: number;
  readonly atMs: number;
}

/** In the order of their callbacks. Only those that are where they were told: a topic may have been recreated since. */
function acknowledged(run: RunFacts, producer: ProducerRecord): Told[] {
  const told = producer.records.flatMap((record): Told[] => {
    const [call] = record.callbacks;
    if (call === undefined || call.error !== null || !run.isWhereTold(record.name, call.metadata)) return [];
    const { topic, partition, offset } = call.metadata;
    return [{ record, partition: `${topic}-${partition}`, offset, order: call.order, atMs: call.atMs }];
  });
  return told.sort((a, b) => a.order - b.order);
}

function wasWrittenAndRefused(run: RunFacts, record: SentRecord): boolean {
  return run
    .transmissions(record)
    .some(({ errorCode }) => errorCode !== null && errorCode !== ERROR_CODE.NONE);
}
