import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { endOffsets } from '../../network/log-reader';
import { bytesProducer } from '../load/course-producer';

export interface AcksAnswer {
  readonly acks: '0' | '1' | 'all';
  /** Records that the producer reported as delivered, of two. */
  readonly reportedDelivered: number;
  /** Of those, how many came with an offset. */
  readonly withOffset: number;
  /** What the producer said of the one that the broker refused; null: nothing. */
  readonly error: string | null;
  readonly inLog: number;
}

const MAX_MESSAGE_BYTES = 1000;

/**
 * One record that the broker takes and one that it refuses (too large for its topic), with each setting of acks. With
 * acks=0 nobody waits for the refusal: both count as delivered, and one of them is nowhere.
 */
export async function compareAcks(kafka: KafkaDescription): Promise<AcksAnswer[]> {
  const answers: AcksAnswer[] = [];
  for (const acks of ['0', '1', 'all'] as const) answers.push(await answerWith(kafka, acks));
  return answers;
}

function answerWith(kafka: KafkaDescription, acks: AcksAnswer['acks']): Promise<AcksAnswer> {
  const topicOptions = {
    name: `answers-acks-${acks}`,
    partitions: 1,
    configs: { 'max.message.bytes': String(MAX_MESSAGE_BYTES) },
  };
  return withTopic(kafka, topicOptions, async (topic) => {
    const producer = bytesProducer(kafka, { acks, 'linger.ms': 0 });
    let reportedDelivered = 0;
    let withOffset = 0;
    let error: string | null = null;
    try {
      for (const size of [10, 5 * MAX_MESSAGE_BYTES]) {
        try {
          const future = await producer.send({ topic, key: null, value: Buffer.alloc(size) });
          const metadata = await future.get();
          reportedDelivered++;
          if (metadata.hasOffset()) withOffset++;
        } catch (failure) {
          error = failure instanceof Error ? failure.name : String(failure);
        }
      }
      // The first record may still be on its way when nobody waits for an answer.
      const inLog = await untilOneIsThere(kafka, topic);
      return { acks, reportedDelivered, withOffset, error, inLog };
    } finally {
      await producer.close({ timeoutMs: 5000 });
    }
  });
}

const LOOKS = 200;
const PAUSE_MS = 25;

async function untilOneIsThere(kafka: KafkaDescription, topic: string): Promise<number> {
  for (let look = 1; ; look++) {
    const [end = 0n] = await endOffsets(kafka, topic);
    if (end > 0n || look === LOOKS) return Number(end);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
