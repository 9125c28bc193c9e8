import { ApiError } from '../../protocol/errors';
import type { ProducerRecord, SentRecord } from '../run-record';
import type { Invariant, Violation } from './invariant';
import { keepsOrder, messageOf } from './run-facts';

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
      if (keepsOrder(producer)) yield* order(producer);
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

/** Of acknowledged records, by the offsets that they were told. */
function* order(producer: ProducerRecord): Generator<Violation> {
  const acknowledged = producer.records.flatMap((record) => {
    const [call] = record.callbacks;
    return call?.error === null && call.metadata.hasOffset() ? [{ record, call }] : [];
  });
  acknowledged.sort((a, b) => a.call.order - b.call.order);
  const last = new Map<string, (typeof acknowledged)[number]>();
  for (const one of acknowledged) {
    const place = `${one.call.metadata.topic}-${one.call.metadata.partition}`;
    const before = last.get(place);
    last.set(place, one);
    if (before === undefined || before.call.metadata.offset < one.call.metadata.offset) continue;
    const names = [before.record.name, one.record.name];
    yield {
      message: `In ${place} the callback of record ${names[0]} (offset ${before.call.metadata.offset}) ran before that of ${names[1]} (offset ${one.call.metadata.offset}).`,
      records: names,
      producer: producer.index,
      atMs: one.call.atMs,
    };
  }
}
