import { withTopic } from '../../broker/index';
import { batchAnswersChart, type BatchAnswer, type BatchAnswers } from '../../charts/batch-answers';
import { judgeBatches, type ChosenBatch, type JudgedBatch } from '../../lab/experiments/chosen-batches';
import { chart } from './chart';
import type { NotebookKafka } from './notebook-kafka';
import { tryAnswer } from './try-answer';

interface BatchHeader {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** What exercise 11 asks for. */
interface Log {
  append(batch: BatchHeader): { readonly status: string; readonly baseOffset?: bigint };
}

/** Sequence × records, and the epoch where it is not 0. */
const STORIES: Readonly<Record<string, readonly ChosenBatch[]>> = {
  'one sent again': [batch(0, 2), batch(2, 3), batch(2, 3), batch(5, 1)],
  'six batches, then old ones': [0, 1, 2, 3, 4, 5, 1, 0].map((sequence) => batch(sequence, 1)),
  'a gap': [batch(0, 1), batch(5, 1), batch(1, 1)],
  'an unknown producer': [batch(7, 1), batch(9, 1), batch(8, 1)],
  'a new epoch': [batch(0, 1), batch(0, 1, 1), batch(2, 1, 1), batch(1, 1, 1), batch(0, 1)],
};
const PRODUCER_ID = 1n;
const STATUS: Readonly<Record<JudgedBatch['answer'], BatchAnswer>> = {
  appended: 'appended',
  duplicate: 'duplicate',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'out-of-order-sequence',
  INVALID_PRODUCER_EPOCH: 'invalid-producer-epoch',
};

/** Sends the same batches to the broker and to a learner's log, and draws both results side by side. Grades nothing. */
export function tryPartitionLog(kafka: NotebookKafka, PartitionLog: new () => Log): Promise<void> {
  return tryAnswer('11-broker-deduplication', async () => {
    const names = Object.keys(STORIES);
    const yours = names.map((name) => answersOf(new PartitionLog(), STORIES[name]!));
    const rows: BatchAnswers['rows'][number][] = [];
    for (const [at, name] of names.entries()) {
      const judged = await withTopic(kafka.kafka, { name: 'partition-log', partitions: 1 }, (topic) =>
        judgeBatches(kafka.kafka, topic, STORIES[name]!),
      );
      const batches = judged.map((one, index) => {
        const own = yours[at]![index]!;
        const brokers = { status: STATUS[one.answer], baseOffset: one.baseOffset };
        return {
          label: `${one.epoch === 0 ? '' : `e${one.epoch} `}${one.baseSequence}×${one.records}`,
          answers: [brokers.status, own.status] as const,
          details: [inWords(brokers), inWords(own)] as const,
        };
      });
      rows.push({ name, batches });
    }
    await chart(batchAnswersChart({ series: ['the broker', 'your log'], rows }));
  });
}

function batch(baseSequence: number, records: number, epoch = 0): ChosenBatch {
  return { baseSequence, records, epoch };
}

interface Answered {
  readonly status: BatchAnswer;
  readonly baseOffset: bigint | null;
}

function answersOf(log: Log, batches: readonly ChosenBatch[]): Answered[] {
  return batches.map(({ baseSequence, records, epoch = 0 }) => {
    const header = { producerId: PRODUCER_ID, producerEpoch: epoch, baseSequence, recordCount: records };
    const { status, baseOffset } = log.append(header);
    const known = Object.values(STATUS).find((one) => one === status);
    return { status: known ?? 'other', baseOffset: baseOffset ?? null };
  });
}

function inWords({ status, baseOffset }: Answered): string {
  return baseOffset === null ? status : `${status} at ${baseOffset}`;
}
