import type { ProducerRecord } from '../run-record';
import type { Invariant, Violation } from './invariant';
import { messageOf } from './run-facts';

/** How the producer's errors begin when a step of its sender threw, which it has no reason to. */
const INTERNAL_FAILURE = 'The sender of the producer failed';

export const nothingIsUnhandled: Invariant = {
  number: 9,
  promise: 'no unhandled rejection or exception, whatever user code does',
  *check(run) {
    for (const { atMs, kind, message } of run.run.unhandled) {
      const at = atMs - run.run.startMs;
      yield {
        message: `At ${at} ms an unhandled ${kind} would end the process: ${message}.`,
        records: [],
        producer: 0,
        atMs,
      };
    }
    for (const producer of run.trusted) yield* internalFailures(producer);
  },
};

/** It is caught, and still nothing more is sent: with well-behaved parts that is a bug of the producer. */
function* internalFailures({ index, records }: ProducerRecord): Generator<Violation> {
  for (const { name, send, get } of records) {
    const error = get?.error ?? send?.error;
    if (!(error instanceof Error) || !error.message.startsWith(INTERNAL_FAILURE)) continue;
    yield { message: `Record ${name} failed with ${messageOf(error)}`, records: [name], producer: index };
    return;
  }
}
