import type { CourseKafka } from '../../../src/broker/index';
import { withTopic } from '../../../src/broker/topics';
import { SeededRandom } from '../../../src/support/seeded-random';
import type { Stamp, Step } from '../probes/10-sequence-numbers';
import { AnswerReader } from './log-answer';
import type { LogAnswer } from './log-answer';
import { RawProducer } from './raw-producer';
import type { ChosenBatch } from './raw-producer';

export const PARTITIONS = 4;
/** This one gets its first batches near the end of the numbers: the broker takes any number as the first. */
const PARTITION_AT_THE_END = 3;
const NEVER_SENT: Step = { partition: PARTITION_AT_THE_END, records: 2_147_483_646 };
const BATCHES_PER_EPOCH = 4;

/** One batch as it was sent. `answer` is absent when its stamp fits into no batch. */
export interface SentBatch {
  readonly partition: number;
  readonly records: number;
  readonly stamp: Stamp;
  readonly resend: boolean;
  readonly expected: LogAnswer;
  readonly answer: LogAnswer | undefined;
}

/** Batches for all partitions in turn, then the same in the next epoch. */
export function stepsForTheBroker(): Step[] {
  const random = new SeededRandom(10);
  const steps: Step[] = [NEVER_SENT];
  for (const epoch of [0, 1]) {
    if (epoch === 1) steps.push('bump');
    for (let batch = 0; batch < BATCHES_PER_EPOCH; batch++) {
      for (let partition = 0; partition < PARTITIONS; partition++)
        steps.push({ partition, records: random.integer(1, 5) });
    }
  }
  return steps;
}

/** Sends what was stamped, in order; every third batch of a partition is followed by a resend of the one before it. */
export async function sendStamped(
  kafka: CourseKafka,
  steps: readonly Step[],
  stampAll: (producerId: bigint) => Promise<readonly Stamp[]>,
): Promise<SentBatch[]> {
  return withTopic(kafka, { name: 'sequence-numbers', partitions: PARTITIONS }, (topic) =>
    RawProducer.use(kafka, topic, async (producer) => {
      const stamps = await stampAll(await producer.newProducerId());
      const sender = new StampedSender(producer);
      for (const [index, step] of steps.filter((one) => one !== 'bump').entries()) {
        if (step === NEVER_SENT) continue;
        await sender.send(step, stamps[index]!);
        if (sender.written(step.partition).length % 3 === 0) await sender.resendLastButOne(step.partition);
      }
      return sender.sent;
    }),
  );
}

class StampedSender {
  readonly sent: SentBatch[] = [];
  readonly #readers = Array.from({ length: PARTITIONS }, () => new AnswerReader());

  constructor(private readonly producer: RawProducer) {}

  /** The batches of a partition, resends left out. */
  written(partition: number): SentBatch[] {
    return this.sent.filter((one) => one.partition === partition && !one.resend);
  }

  async send({ partition, records }: Exclude<Step, 'bump'>, stamp: Stamp): Promise<void> {
    const before = this.written(partition).reduce((sum, one) => sum + one.records, 0);
    const expected = { status: 'appended', baseOffset: BigInt(before) } as const;
    await this.#send({ partition, records, stamp, resend: false, expected });
  }

  async resendLastButOne(partition: number): Promise<void> {
    const { records, stamp, expected } = this.written(partition).at(-2)!;
    const again = { status: 'duplicate', baseOffset: expected.baseOffset } as const;
    await this.#send({ partition, records, stamp, resend: true, expected: again });
  }

  async #send(batch: Omit<SentBatch, 'answer'>): Promise<void> {
    const { partition, records, stamp } = batch;
    const chosen = sendable(stamp, records);
    const answer =
      chosen === undefined
        ? undefined
        : this.#readers[partition]!.read(await this.producer.send(partition, chosen), records);
    this.sent.push({ ...batch, answer });
  }
}

/** The header has 64 bits for the id, 16 for the epoch and 31 for the sequence. */
function sendable(stamp: Stamp, recordCount: number): ChosenBatch | undefined {
  const { producerId, producerEpoch, baseSequence } = stamp;
  if (typeof producerId !== 'bigint' || BigInt.asIntN(64, producerId) !== producerId) return undefined;
  if (typeof producerEpoch !== 'number' || !isWithin(producerEpoch, 32_767)) return undefined;
  if (typeof baseSequence !== 'number' || !isWithin(baseSequence, 2_147_483_647)) return undefined;
  return { producerId, producerEpoch, baseSequence, recordCount };
}

function isWithin(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}
