import { createHash } from 'node:crypto';
import { createTopic, deleteTopics, useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { readPartition } from '../../../src/network/log-reader';
import { ByteArraySerializer, KafkaProducer } from '../../../src/producer/index';
import type { ProducerConfig, RecordFuture } from '../../../src/producer/index';
import { findKcat, readWithJava, readWithKcat } from './support/independent-clients';
import type { SeenRecord } from './support/independent-clients';
import { RECORD_SHAPES } from './support/record-shapes';
import type { RecordShape } from './support/record-shapes';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const ONE_BY_ONE: ProducerConfig = { 'batch.size': 0, 'linger.ms': 0 };
const TOGETHER: ProducerConfig = { 'batch.size': 65_536, 'linger.ms': 1000, 'delivery.timeout.ms': 120_000 };

/** How the records are written, each way into a partition of its own. */
const WAYS: readonly { way: string; codec: (typeof CODECS)[number]; config: ProducerConfig }[] = [
  ...CODECS.map((codec) => ({ way: `${codec}, one record a batch`, codec, config: ONE_BY_ONE })),
  ...CODECS.map((codec) => ({ way: `${codec}, many records a batch`, codec, config: TOGETHER })),
  { way: 'gzip level 9', codec: 'gzip', config: { ...TOGETHER, 'compression.gzip.level': 9 } },
  { way: 'zstd level 19', codec: 'zstd', config: { ...TOGETHER, 'compression.zstd.level': 19 } },
  {
    way: 'acks=1, not idempotent',
    codec: 'none',
    config: { ...TOGETHER, acks: '1', 'enable.idempotence': false },
  },
];
const WAY_NAMES = WAYS.map(({ way }, partition) => [way, partition] as const);

const kcat = findKcat();
const describeWithKcat = kcat === undefined ? describe.skip : describe;

describe('Every record shape with every codec', () => {
  let kafka: CourseKafka;
  let topic: string;
  let sentAtMs: number;

  beforeAll(async () => {
    kafka = await useKafka();
    // Records from 1970 and 9999 are to be kept, whatever the clock says.
    const configs = { 'message.timestamp.after.max.ms': String(2n ** 63n - 1n), 'retention.ms': '-1' };
    topic = await createTopic(kafka, { name: 'read-back', partitions: WAYS.length, configs });
    sentAtMs = Date.now();
    for (const [partition, { codec, config }] of WAYS.entries()) {
      await write(kafka, topic, partition, { ...config, 'compression.type': codec });
    }
  });
  afterAll(async () => {
    await deleteTopics(kafka, [topic]);
    await kafka.stop();
  });

  const expectAsSent = (seen: readonly SeenRecord[], partition: number): void => {
    const records = seen.filter((record) => record.partition === partition);
    expect(records).toHaveLength(RECORD_SHAPES.length);
    for (const [offset, shape] of RECORD_SHAPES.entries()) {
      const record = records[offset]!;
      expect(abridged(record)).toEqual(abridged(asSent(shape, partition, offset, record.timestamp)));
      if (shape.timestamp !== undefined) continue;
      expect(record.timestamp).toBeGreaterThanOrEqual(sentAtMs);
      expect(record.timestamp).toBeLessThanOrEqual(Date.now());
    }
  };

  it.each(WAYS.map(({ way, codec, config }, partition) => [way, { codec, config, partition }] as const))(
    '%s: lies on the broker as it should',
    async (_, { codec, config, partition }) => {
      const batches = await readPartition(kafka, { topic, partition });
      expect(new Set(batches.map(({ compressionType }) => compressionType))).toEqual(new Set([codec]));
      const largest = Math.max(...batches.map(({ recordCount }) => recordCount));
      if (config['batch.size'] === 0) expect(largest).toBe(1);
      else expect(largest).toBeGreaterThan(100);
    },
  );

  describe("Java's consumer", () => {
    let seen: SeenRecord[];
    beforeAll(async () => {
      seen = await readWithJava({ ...kafka, topic }, WAYS.length * RECORD_SHAPES.length);
    });
    it.each(WAY_NAMES)('%s: reads what was sent, byte for byte', (_, partition) =>
      expectAsSent(seen, partition),
    );
  });

  describeWithKcat(`kcat (librdkafka)${kcat === undefined ? ' (skipped: it is not installed)' : ''}`, () => {
    let seen: SeenRecord[];
    beforeAll(async () => {
      seen = await readWithKcat(kcat!, { ...kafka, topic });
    });
    it.each(WAY_NAMES)('%s: reads what was sent, byte for byte', (_, partition) =>
      expectAsSent(seen, partition),
    );
  });
});

async function write(
  kafka: CourseKafka,
  topic: string,
  partition: number,
  config: ProducerConfig,
): Promise<void> {
  const serializer = new ByteArraySerializer();
  const producer = new KafkaProducer<Uint8Array, Uint8Array>(
    { 'bootstrap.servers': kafka.bootstrapServers, ...config },
    { keySerializer: serializer, valueSerializer: serializer, connection: kafka.connection },
  );
  const futures: RecordFuture[] = [];
  for (const { key, value, headers, timestamp } of RECORD_SHAPES) {
    const future = await producer.send({ topic, partition, key, value, headers, timestamp });
    futures.push(future);
    // A batch has room for the upper bound of its first record, which several small ones may share.
    if (config['batch.size'] === 0) await future.get();
  }
  await producer.close();
  const offsets = await Promise.all(futures.map(async (future) => Number((await future.get()).offset)));
  expect(offsets).toEqual(RECORD_SHAPES.map((_, at) => at));
}

function asSent(
  { key, value, headers = [], timestamp }: RecordShape,
  partition: number,
  offset: number,
  sendTimestamp: number,
): SeenRecord {
  const hex = (bytes: Buffer | null) => (bytes === null ? null : bytes.toString('hex'));
  return {
    partition,
    offset,
    timestamp: timestamp ?? sendTimestamp,
    key: hex(key),
    value: hex(value),
    headers: headers.map((header) => [header.key, hex(header.value)]),
  };
}

/** For messages that can be read: large values by their length and hash. */
function abridged(record: SeenRecord): SeenRecord {
  const short = (hex: string | null) =>
    hex === null || hex.length <= 1000
      ? hex
      : `${hex.length / 2} bytes, SHA-256 ${createHash('sha256').update(hex).digest('hex')}`;
  return {
    ...record,
    key: short(record.key),
    value: short(record.value),
    headers: record.headers.map(([key, value]) => [key, short(value)] as const),
  };
}
