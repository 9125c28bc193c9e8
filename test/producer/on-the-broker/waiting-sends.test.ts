import { setTimeout as delay } from 'node:timers/promises';
import { useKafka, withTopic } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { readLog } from '../../../src/network/log-reader';
import { KafkaProducer } from '../../../src/producer/index';
import type { ProducerConfig, RecordMetadata, Serializer } from '../../../src/producer/index';

/** A promise that has not settled by then never will: every limit of the producers here is far shorter. */
const NEVER_MS = 40_000;
const LIMITS: ProducerConfig = {
  'max.block.ms': 5000,
  'request.timeout.ms': 5000,
  'delivery.timeout.ms': 10_000,
};

let kafka: CourseKafka;
beforeAll(async () => {
  kafka = await useKafka();
});
afterAll(() => kafka.stop());

/** Returns the same buffer each time, which a serializer may: it is valid until the next call. */
class ReusedBuffer implements Serializer<string> {
  readonly #buffer = Buffer.alloc(4096);
  serialize(_topic: string, data: string | null): Buffer | null {
    return data === null ? null : this.#buffer.subarray(0, this.#buffer.write(data));
  }
}

function newProducer(config: ProducerConfig): KafkaProducer<string, string> {
  return new KafkaProducer(
    { 'bootstrap.servers': kafka.bootstrapServers, ...LIMITS, ...config },
    { keySerializer: new ReusedBuffer(), valueSerializer: new ReusedBuffer() },
  );
}

function valueOf(index: number, size: number): string {
  return String(index).padEnd(size, '.');
}

interface Load {
  readonly records: number;
  readonly partitions: number;
  readonly sizeInBytes: number;
}

/** Calls send() for all records in one go, record i to partition i modulo their count; resolves to what each was told. */
function sendAtOnce(
  producer: KafkaProducer<string, string>,
  topic: string,
  { records, partitions, sizeInBytes }: Load,
): Promise<RecordMetadata>[] {
  return Array.from({ length: records }, async (_, index) => {
    const value = valueOf(index, sizeInBytes);
    const partition = index % partitions;
    return (await producer.send({ topic, partition, key: `key ${index}`, value })).get();
  });
}

/** The numbers of those that are still open when any promise would have settled. */
async function neverSettled(promises: readonly Promise<unknown>[]): Promise<number[]> {
  const open = new Set(promises.keys());
  const settled = promises.map((promise, index) => {
    const settle = () => void open.delete(index);
    return promise.then(settle, settle);
  });
  const given = new AbortController();
  await Promise.race([Promise.all(settled), delay(NEVER_MS, null, { signal: given.signal, ref: false })]);
  given.abort();
  return [...open];
}

/** Each record once, in the order of send() within its partition, with the bytes it was sent with, and where it was told. */
async function expectDelivered(
  topic: string,
  told: readonly RecordMetadata[],
  { records, partitions, sizeInBytes }: Load,
): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const log = await readLog(kafka, { topic, partition });
    const expected = Array.from({ length: records }, (_, index) => index).filter(
      (index) => index % partitions === partition,
    );
    expect(log.map(({ value }) => String(value))).toEqual(
      expected.map((index) => valueOf(index, sizeInBytes)),
    );
    expect(log.map(({ key }) => String(key))).toEqual(expected.map((index) => `key ${index}`));
    expect(log.map(({ offset }) => offset)).toEqual(expected.map((index) => told[index]!.offset));
  }
}

describe('Sends in one go, more than buffer.memory has batches for', () => {
  it.each([25, 32])('all settle, although nobody calls flush() (%i records)', async (records) => {
    const load: Load = { records, partitions: 4, sizeInBytes: 300 };
    await withTopic(kafka, { name: 'waiting', partitions: load.partitions }, async (topic) => {
      const producer = newProducer({ 'batch.size': 16_384, 'buffer.memory': 49_152 });
      try {
        await producer.partitionsFor(topic);
        const promises = sendAtOnce(producer, topic, load);
        expect(await neverSettled(promises)).toEqual([]);
        await expectDelivered(topic, await Promise.all(promises), load);
      } finally {
        await producer.close({ timeoutMs: 0 });
      }
    });
  });
});

describe('A serializer that returns the same buffer each time', () => {
  const load: Load = { records: 500, partitions: 3, sizeInBytes: 200 };

  it.each([
    { what: 'memory', isWarm: true, config: { 'batch.size': 1000, 'buffer.memory': 3000 } },
    { what: 'metadata', isWarm: false, config: {} },
    {
      what: 'metadata and then for memory',
      isWarm: false,
      config: { 'batch.size': 1000, 'buffer.memory': 3000 },
    },
  ])('gets every value written as it was sent while they wait for $what', async ({ isWarm, config }) => {
    await withTopic(kafka, { name: 'reused', partitions: load.partitions }, async (topic) => {
      const producer = newProducer({ ...config, 'max.block.ms': 60_000, 'delivery.timeout.ms': 60_000 });
      try {
        if (isWarm) await producer.partitionsFor(topic);
        const promises = sendAtOnce(producer, topic, load);
        await producer.flush();
        await expectDelivered(topic, await Promise.all(promises), load);
      } finally {
        await producer.close({ timeoutMs: 0 });
      }
    });
  });
});
