import { KafkaError } from '../../protocol/errors';
import type { ProducerRecord } from '../run-record';
import type { Invariant, Violation } from './invariant';
import type { RunFacts } from './run-facts';

/** Read when nothing was under way any more; a producer that was closed by then has none. */
export const metricsAddUp: Invariant = {
  number: 10,
  promise: 'metrics add up',
  *check(run) {
    for (const producer of run.trusted) {
      if (producer.metrics === null) continue;
      for (const [name, expected] of expectedMetrics(run, producer)) {
        const value = producer.metrics.get(name);
        if (value === expected) continue;
        yield {
          message: `The metric ${name} is ${String(value)}: counted from outside, it is ${expected}.`,
          records: [],
          producer: producer.index,
        };
      }
      yield* errors(producer);
      yield* topics(producer);
    }
  },
};

function expectedMetrics(run: RunFacts, producer: ProducerRecord): [string, number][] {
  const { requests, calls } = producer;
  const sent = run.batchesSent(producer);
  const expected: [string, number][] = [
    ['requests-in-flight', 0],
    ['request-total', requests.length],
    ['response-total', requests.filter(({ errorCodes }) => errorCodes !== null).length],
    ['record-send-total', sent.reduce((sum, { names }) => sum + names.length, 0)],
  ];
  if (calls.every(({ what }) => what !== 'flush()')) expected.push(['flush-time-ns-total', 0]);
  return expected;
}

/**
 * Failed futures, and calls of send() that failed with an error of Kafka. Records of batches that were aborted, by close() or by
 * an error that ends the producer, are not counted, as in Java; they fail with a plain KafkaError, as some that are counted do.
 */
function* errors({ index, records, metrics }: ProducerRecord): Generator<Violation> {
  // What became of a record at which nobody looks is not known.
  if (records.some(({ unseen }) => unseen)) return;
  const rejected = records.filter(({ send }) => send?.error instanceof KafkaError).length;
  const failed = records.filter(({ get }) => get !== null && get.value === undefined);
  const plain = failed.filter(({ get }) => get?.error instanceof Error && get.error.name === 'KafkaError');
  const most = rejected + failed.length;
  const least = most - plain.length;
  const total = metrics!.get('record-error-total') ?? NaN;
  if (total >= least && total <= most) return;
  const expected = least === most ? String(most) : `${least} to ${most}`;
  yield {
    message: `The metric record-error-total is ${total}: counted from outside, it is ${expected}.`,
    records: [],
    producer: index,
  };
}

/** What is counted for each topic is the same in all. */
function* topics({
  index,
  metrics,
}: ProducerRecord): Generator<{ message: string; records: []; producer: number }> {
  for (const name of ['record-send-total', 'record-retry-total']) {
    let sum = 0;
    for (const [key, value] of metrics!) if (key.startsWith(`${name} `)) sum += value;
    const total = metrics!.get(name);
    if (sum === total) continue;
    yield {
      message: `The metric ${name} is ${String(total)}, and its topics have ${sum}.`,
      records: [],
      producer: index,
    };
  }
}
