import { ERROR_CODE } from '../../protocol/error-code';
import { ApiError } from '../../protocol/errors';
import { LEFT_OUT } from '../run-observed-network';
import type { SentRecord } from '../run-record';
import type { Invariant } from './invariant';
import { messageOf, toldOf } from './run-facts';
import type { RunFacts } from './run-facts';

/** Codes that a broker may answer with although it has written the batch. */
const MAYBE_WRITTEN: ReadonlySet<number> = new Set([
  LEFT_OUT,
  ERROR_CODE.UNKNOWN_SERVER_ERROR,
  ERROR_CODE.REQUEST_TIMED_OUT,
  ERROR_CODE.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  ERROR_CODE.KAFKA_STORAGE_ERROR,
]);

/**
 * What says "not written": send() rejects; the error says that the record was never sent; the broker refused the only request
 * that carried it. And the other way round: a failure is not told for a record that a broker has acknowledged in time.
 */
export const failedIsNotLogged: Invariant = {
  number: 2,
  promise: 'a record whose failure says "not written" is not in the log',
  *check(run) {
    for (const producer of run.trusted) {
      for (const record of producer.records) {
        const told = toldOf(record);
        if (told === null || !('error' in told)) continue;
        const message = rejectedButSent(run, record) ?? falseClaim(run, record, told.error);
        if (message !== null) yield { message, records: [record.name], producer: producer.index };
      }
    }
  },
};

function rejectedButSent(run: RunFacts, record: SentRecord): string | null {
  const { name, send } = record;
  if (send === null || send.value !== undefined) return null;
  const [request] = run.transmissions(record);
  if (request === undefined) return null;
  return `send() of record ${name} rejected (${messageOf(send.error)}), but request ${request.request.number} carried it.`;
}

function falseClaim(run: RunFacts, record: SentRecord, error: unknown): string | null {
  const { name } = record;
  const carried = run.transmissions(record);
  const isLogged = run.places(name).length > 0;
  if (messageOf(error).includes('never sent') && carried.length > 0)
    return `Record ${name} failed with "${messageOf(error)}", but request ${carried[0]!.request.number} carried it.`;
  const last = carried[carried.length - 1];
  if (last === undefined || !(error instanceof ApiError) || error.retriable) return null;
  if (last.errorCode === 0 || last.errorCode === ERROR_CODE.DUPLICATE_SEQUENCE_NUMBER)
    return `Record ${name} failed with "${messageOf(error)}", but the broker acknowledged request ${last.request.number} with it.`;
  const isRefused = carried.length === 1 && last.errorCode !== null && !MAYBE_WRITTEN.has(last.errorCode);
  if (isRefused && isLogged)
    return `Record ${name} failed with "${messageOf(error)}", the only request with it was refused, and it is in the log.`;
  return null;
}
