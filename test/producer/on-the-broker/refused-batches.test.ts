import { createTopic, deleteTopics, useKafka, withTopic } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { readLog } from '../../../src/network/log-reader';
import { KafkaProducer, StringSerializer } from '../../../src/producer/index';
import type { ProducerConfig, ProducerRecord, RecordMetadata } from '../../../src/producer/index';
import { InvalidRecordError, RecordTooLargeError } from '../../../src/protocol/errors';
import type { TraceEvent } from '../../../src/trace/trace-event';

type Result = PromiseSettledResult<RecordMetadata>;

let kafka: CourseKafka;
beforeAll(async () => {
  kafka = await useKafka();
});
afterAll(() => kafka.stop());

function newProducer(
  config: ProducerConfig,
  trace: (event: TraceEvent) => void = () => {},
): KafkaProducer<string, string> {
  return new KafkaProducer(
    { 'bootstrap.servers': kafka.bootstrapServers, ...config },
    { keySerializer: new StringSerializer(), valueSerializer: new StringSerializer(), trace },
  );
}

/** Sends without awaiting, in one go; what became of each record once all have settled. */
async function sendAll(
  producer: KafkaProducer<string, string>,
  records: readonly ProducerRecord<string, string>[],
): Promise<Result[]> {
  return Promise.allSettled(
    records.map(async (record) => (await producer.send(record, () => undefined)).get()),
  );
}

/** Where each record is by its own account, or the name of its error. */
function told(result: Result): string {
  if (result.status === 'fulfilled') return `at ${result.value.offset}`;
  return (result.reason as Error).name;
}

async function valuesIn(topic: string, partition: number): Promise<string[]> {
  const records = await readLog(kafka, { topic, partition });
  return records.map(({ offset, value }) => `${offset}: ${String(value).replaceAll('.', '')}`);
}

describe('The very first batch of a producer id, refused with others behind it', () => {
  const KEYED = ['B', 'C', 'D'];
  let topic: string;
  beforeAll(async () => {
    // A compacted topic refuses records without a key.
    const configs = { 'cleanup.policy': 'compact' };
    topic = await createTopic(kafka, { name: 'first-refused', partitions: KEYED.length + 1, configs });
  });
  afterAll(() => deleteTopics(kafka, [topic]));

  it.each([0, 1, 2, 3])(
    'takes no acknowledged record with it: %i sent at once, the others when the refusal is known',
    async (atOnce) => {
      const partition = atOnce;
      const recordOf = (key: string | null) => {
        return { topic, partition, key, value: (key ?? 'A').padEnd(3000, '.') };
      };
      const producer = newProducer({ 'linger.ms': 0, 'batch.size': 0 });
      try {
        await producer.partitionsFor(topic);
        const refused = sendAll(producer, [recordOf(null)]);
        const early = sendAll(producer, KEYED.slice(0, atOnce).map(recordOf));
        const [refusal] = await refused;
        const late = sendAll(producer, KEYED.slice(atOnce).map(recordOf));

        expect(refusal).toMatchObject({
          status: 'rejected',
          reason: expect.any(InvalidRecordError) as Error,
        });
        expect([...(await early), ...(await late)].map(told)).toEqual(['at 0', 'at 1', 'at 2']);
        expect(await valuesIn(topic, partition)).toEqual(['0: B', '1: C', '2: D']);
      } finally {
        await producer.close();
      }
    },
  );
});

describe('batch.size above the max.message.bytes of the topic', () => {
  const BATCH_SIZE = 16_384;
  const TOPIC_LIMIT = 1000;
  const RECORDS = 120;

  /** Splits in halves: a batch of n records has n - 1 of them at most, and each is one refused request. */
  const REQUESTS_AT_MOST = 2 * RECORDS;

  it.each([
    { what: 'records that fit one by one', tooLarge: [] },
    { what: 'records some of which are too large even alone', tooLarge: [0, 57, 58, RECORDS - 1] },
  ])('splits until the pieces fit: $what', async ({ tooLarge }) => {
    const configs = { 'max.message.bytes': String(TOPIC_LIMIT) };
    await withTopic(kafka, { name: 'too-large', partitions: 1, configs }, async (topic) => {
      let requests = 0;
      let splits = 0;
      let tooMany: (error: Error) => void = () => {};
      const endless = new Promise<never>((_resolve, reject) => (tooMany = reject));
      const producer = newProducer({ 'batch.size': BATCH_SIZE, 'linger.ms': 50 }, ({ stage }) => {
        if (stage === 'batch-split') splits += 1;
        if (stage === 'request-sent') requests += 1;
        if (requests > REQUESTS_AT_MOST) tooMany(new Error(`${requests} requests, and no end`));
      });
      try {
        const records = Array.from({ length: RECORDS }, (_, index) => {
          const value = String(index).padEnd(tooLarge.includes(index) ? 2 * TOPIC_LIMIT : 100, '.');
          return { topic, partition: 0, value };
        });
        const results = await Promise.race([sendAll(producer, records), endless]);

        const good = records.map((_, index) => index).filter((index) => !tooLarge.includes(index));
        expect(await valuesIn(topic, 0)).toEqual(good.map((index, at) => `${at}: ${index}`));
        expect(results.map(told)).toEqual(
          records.map((_, index) =>
            tooLarge.includes(index) ? RecordTooLargeError.name : `at ${good.indexOf(index)}`,
          ),
        );
        // Pieces of pieces: once would have been enough for a batch that is only just too large.
        expect(splits).toBeGreaterThan(2);
      } finally {
        await producer.close({ timeoutMs: 0 });
      }
    });
  });
});
