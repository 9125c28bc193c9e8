import type { CourseKafka } from '../../../src/broker/index';
import { withTopic } from '../../../src/broker/topics';
import { SeededRandom } from '../../../src/support/seeded-random';
import { AnswerReader } from './log-answer';
import type { LogAnswer } from './log-answer';
import { RawProducer } from './raw-producer';
import type { ChosenBatch } from './raw-producer';

/** Batches of a story, with names in place of producer ids. */
export interface StoryBatch {
  readonly producer: 'A' | 'B' | 'C';
  readonly epoch: number;
  readonly sequence: number;
  readonly records: number;
}

export interface Story {
  readonly name: string;
  readonly batches: readonly StoryBatch[];
}

/** A story as the broker heard it: real producer ids, and the answer to each batch. */
export interface AnsweredStory extends Story {
  readonly sent: readonly ChosenBatch[];
  readonly answers: readonly LogAnswer[];
}

const SEQUENCES = 2_147_483_648;
const PRODUCERS = ['A', 'B', 'C'] as const;

/** `0×2` of producer A in epoch 0; `e1 B 0×2` names what is different. */
export function batchLabel({ producer, epoch, sequence, records }: StoryBatch): string {
  return `${epoch === 0 ? '' : `e${epoch} `}${producer === 'A' ? '' : `${producer} `}${sequence}×${records}`;
}

/** The same, short enough for a chart: the last sequence numbers counted from their end. */
export function shortLabel(batch: StoryBatch): string {
  const fromTheEnd = SEQUENCES - 1 - batch.sequence;
  if (fromTheEnd > 99) return batchLabel(batch);
  return batchLabel(batch).replace(String(batch.sequence), fromTheEnd === 0 ? 'max' : `max−${fromTheEnd}`);
}

/** Batches from labels such as those: `0×2 0×2 e1 0×1` is written `0×2`, `0×2`, `e1 0×1`. */
export function story(name: string, ...labels: string[]): Story {
  const batches = labels.map((label) => {
    const [, epoch = '0', producer = 'A', sequence, records] =
      /^(?:e(\d+) )?(?:([ABC]) )?(\d+)×(\d+)$/.exec(label) ?? [];
    if (sequence === undefined) throw new Error(`"${label}" is no batch.`);
    return {
      producer: producer as StoryBatch['producer'],
      epoch: Number(epoch),
      sequence: Number(sequence),
      records: Number(records),
    };
  });
  return { name, batches };
}

/** Every story on a partition and with producer ids of its own, told to the real broker; the last ones are made up on the way. */
export async function tellTheBroker(
  kafka: CourseKafka,
  stories: readonly Story[],
  random: { readonly seeds: readonly number[]; readonly batches: number },
): Promise<{ told: AnsweredStory[]; madeUp: AnsweredStory[] }> {
  const partitions = stories.length + random.seeds.length;
  return withTopic(kafka, { name: 'broker-deduplication', partitions }, (topic) =>
    RawProducer.use(kafka, topic, async (producer) => {
      const told: AnsweredStory[] = [];
      for (const [partition, { name, batches }] of stories.entries()) {
        const teller = await Teller.of(producer, partition, name);
        for (const batch of batches) await teller.send(batch);
        told.push(teller);
      }
      const madeUp: AnsweredStory[] = [];
      for (const [index, seed] of random.seeds.entries()) {
        const teller = await Teller.of(producer, stories.length + index, `random batches, seed ${seed}`);
        await makeUp(teller, new SeededRandom(seed), random.batches);
        madeUp.push(teller);
      }
      return { told, madeUp };
    }),
  );
}

class Teller implements AnsweredStory {
  readonly batches: StoryBatch[] = [];
  readonly sent: ChosenBatch[] = [];
  readonly answers: LogAnswer[] = [];
  readonly #reader = new AnswerReader();

  private constructor(
    private readonly producer: RawProducer,
    private readonly partition: number,
    readonly name: string,
    private readonly ids: Readonly<Record<StoryBatch['producer'], bigint>>,
  ) {}

  static async of(producer: RawProducer, partition: number, name: string): Promise<Teller> {
    const id = () => producer.newProducerId();
    return new Teller(producer, partition, name, { A: await id(), B: await id(), C: await id() });
  }

  async send(batch: StoryBatch): Promise<LogAnswer> {
    const sent = {
      producerId: this.ids[batch.producer],
      producerEpoch: batch.epoch,
      baseSequence: batch.sequence,
      recordCount: batch.records,
    };
    const answer = this.#reader.read(await this.producer.send(this.partition, sent), batch.records);
    this.batches.push(batch);
    this.sent.push(sent);
    this.answers.push(answer);
    return answer;
  }
}

interface Writer {
  epoch: number;
  next: number;
  written: StoryBatch[];
}

/** Half of the batches in order; the others sent again, cut differently, ahead, behind, with a newer or an older epoch. */
async function makeUp(teller: Teller, random: SeededRandom, count: number): Promise<void> {
  const writers = new Map<StoryBatch['producer'], Writer>();
  for (const producer of PRODUCERS) {
    writers.set(producer, {
      epoch: random.pick([0, 0, 3]),
      next: random.pick([0, 7, SEQUENCES - 3]),
      written: [],
    });
  }
  for (let number = 0; number < count; number++) {
    const producer = random.pick(PRODUCERS);
    const writer = writers.get(producer)!;
    const batch = { producer, ...madeUpBatch(writer, random) };
    if ((await teller.send(batch)).status !== 'appended') continue;
    if (batch.epoch !== writer.epoch) writer.written = [];
    writer.written.push(batch);
    writer.epoch = batch.epoch;
    writer.next = (batch.sequence + batch.records) % SEQUENCES;
  }
}

function madeUpBatch(writer: Writer, random: SeededRandom): Omit<StoryBatch, 'producer'> {
  const { epoch, next, written } = writer;
  const records = random.integer(1, 4);
  const kind = random.integer(1, 100);
  if (kind <= 50 || written.length === 0) return { epoch, sequence: next, records };
  const earlier = written.at(-random.integer(1, Math.min(7, written.length)))!;
  if (kind <= 70) return earlier;
  if (kind <= 78) return { ...earlier, records };
  if (kind <= 86) return { epoch, sequence: (next + random.integer(1, 3)) % SEQUENCES, records };
  if (kind <= 90) return { epoch, sequence: (next - random.integer(1, 3) + SEQUENCES) % SEQUENCES, records };
  if (kind <= 93) return { epoch: epoch + 1, sequence: 0, records };
  if (kind <= 97) return { epoch: epoch + 1, sequence: random.pick([next, 1, 2]), records };
  return { epoch: Math.max(0, epoch - 1), sequence: random.pick([0, next]), records };
}
