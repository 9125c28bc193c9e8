import type { ProducerRecord, SentRecord } from '../run-record';
import type { Invariant, Violation } from './invariant';
import { keepsOrder, toldOf } from './run-facts';
import type { RunFacts } from './run-facts';

interface Acknowledged {
  readonly record: SentRecord;
  readonly partition: string;
  readonly offset: bigint;
}

/** "Nothing twice" is for idempotent producers; order also for those that never have two requests of a partition under way. */
export const onceAndInOrder: Invariant = {
  number: 3,
  promise:
    'idempotent: nothing is in the log twice, and the acknowledged records of a partition lie in the order of their send() calls',
  *check(run) {
    if (run.numbersProtectNothing) return;
    for (const producer of run.trusted) {
      if (producer.settings.enableIdempotence) yield* written(run, producer);
      if (keepsOrder(producer)) yield* order(run, producer);
    }
  },
};

function* written(run: RunFacts, { index, records }: ProducerRecord): Generator<Violation> {
  for (const { name } of records) {
    const places = run
      .places(name)
      .map(({ topic, partition, record }) => `${topic}-${partition}@${record.offset}`);
    if (places.length < 2) continue;
    yield {
      message: `Record ${name} is in the log ${places.length} times: ${places.join(', ')}.`,
      records: [name],
      producer: index,
    };
  }
}

function* order(run: RunFacts, producer: ProducerRecord): Generator<Violation> {
  const last = new Map<string, Acknowledged>();
  for (const one of acknowledged(run, producer)) {
    const before = last.get(one.partition);
    if (before !== undefined && before.offset > one.offset) {
      const [first, second] = [before.record.name, one.record.name];
      yield {
        message: `Record ${first} was sent before ${second}, and lies behind it in ${one.partition}: ${second} at offset ${one.offset}, ${first} at ${before.offset}.`,
        records: [first, second],
        producer: producer.index,
      };
    }
    if (before === undefined || before.offset < one.offset) last.set(one.partition, one);
  }
}

/** In the order of the calls. Only those that are where they were told: a topic may have been recreated since. */
function* acknowledged(run: RunFacts, { records }: ProducerRecord): Generator<Acknowledged> {
  for (const record of records) {
    const told = toldOf(record);
    if (told === null || !('metadata' in told)) continue;
    const { topic, partition, offset } = told.metadata;
    if (run.isWhereTold(record.name, told.metadata))
      yield { record, partition: `${topic}-${partition}`, offset };
  }
}
