import type { ProducerRecord } from '../run-record';
import type { Invariant, Violation } from './invariant';
import type { RunFacts } from './run-facts';

export const memoryComesBack: Invariant = {
  number: 5,
  promise: 'when idle, all memory is back and no buffer was touched while a request held it',
  *check(run) {
    for (const producer of run.run.producers) yield* touched(producer);
    for (const producer of run.trusted) {
      yield* account(run, producer);
      yield* atTheEnd(producer);
    }
  },
};

function* touched({ index, requests }: ProducerRecord): Generator<Violation> {
  for (const { number, node, batches } of requests) {
    for (const batch of batches) {
      if (!batch.touched) continue;
      yield {
        message: `The bytes of ${batch.topic}-${batch.partition} in request ${number} to broker ${node} were changed while the request was under way.`,
        records: [],
        producer: index,
      };
    }
  }
}

/** The pool never has more than all of it, nor less than nothing. */
function* account(run: RunFacts, { index, settings }: ProducerRecord): Generator<Violation> {
  for (const { producer, event } of run.run.trace) {
    if (producer !== index || event.stage !== 'memory') continue;
    if (event.availableBytes >= 0 && event.availableBytes <= settings.bufferMemory) continue;
    yield {
      message: `${event.availableBytes} of ${settings.bufferMemory} bytes of buffer.memory were free: memory was given back that nobody held, or taken that was not there.`,
      records: [],
      producer: index,
      atMs: event.atMs,
    };
    return;
  }
}

function* atTheEnd({ index, metrics, settings }: ProducerRecord): Generator<Violation> {
  if (metrics === null) return;
  const free = metrics.get('buffer-available-bytes');
  const waiting = metrics.get('waiting-threads');
  if (free !== settings.bufferMemory) {
    yield {
      message: `Nothing is under way any more, and ${String(free)} of ${settings.bufferMemory} bytes of buffer.memory are free.`,
      records: [],
      producer: index,
    };
  }
  if (waiting !== 0) {
    yield {
      message: `Nothing is under way any more, and ${String(waiting)} calls wait for memory.`,
      records: [],
      producer: index,
    };
  }
}
