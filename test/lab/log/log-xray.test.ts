import { Kafka, Partitioners } from 'kafkajs';
import { kafkaJsConfig, useKafka, withTopic } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { batchFields, hexView } from '../../../src/lab/log/batch-hex-view';
import { xrayBytes, xrayPartition, xrayTable } from '../../../src/lab/log/log-xray';
import { firstRecordFields, recordHexView } from '../../../src/lab/log/record-hex-view';
import { codecFor } from '../../../src/protocol/compression';
import type { CompressionType } from '../../../src/protocol/compression';
import { RecordBatchBuilder } from '../../../src/protocol/record-batch-builder';

/** A batch of ours, not idempotent unless a state is given. */
function batchBytes(codec: CompressionType, values: readonly string[], producerId = -1n): Buffer {
  const builder = new RecordBatchBuilder({ writeLimit: 16_384, codec: codecFor(codec) });
  for (const value of values) builder.append(1_700_000_000_000, null, Buffer.from(value));
  return builder.close(
    producerId < 0n
      ? { producerId, producerEpoch: -1, baseSequence: -1 }
      : { producerId, producerEpoch: 2, baseSequence: 2_147_483_647 },
  );
}

describe('the x-ray of a batch', () => {
  it('shows the header’s fields and what follows from them', () => {
    const [batch] = xrayBytes(batchBytes('gzip', ['same', 'same', 'same'], 4000n));
    expect(batch).toMatchObject({
      records: 3,
      codec: 'gzip',
      producerId: 4000n,
      producerEpoch: 2,
      baseSequence: 2_147_483_647,
      // Sequences start again after the largest.
      lastSequence: 1,
      isTransactional: false,
      isControl: false,
    });
    expect(batch!.crc).toMatch(/^[0-9a-f]{8}$/);
    expect(batch!.compressionRatio).toBe(batch!.sizeInBytes / batch!.uncompressedSizeInBytes);
  });

  it('says so where a producer was not idempotent', () => {
    const xrays = xrayBytes(batchBytes('none', ['a']));
    expect(xrays).toMatchObject([
      { producerId: -1n, baseSequence: -1, lastSequence: -1, compressionRatio: 1 },
    ]);
    expect(xrayTable(xrays)).toContain('none');
  });
});

describe('the hex view of a batch', () => {
  it('names each field at its place, with every byte of the header in one of them', () => {
    const bytes = batchBytes('lz4', ['hello'], 4000n);
    const fields = batchFields(bytes);
    expect(
      fields
        .map(({ hex }) => hex)
        .join(' ')
        .replaceAll(' ', ''),
    ).toBe(bytes.toString('hex', 0, 61));
    expect(fields.find(({ name }) => name === 'producerId')).toMatchObject({
      offset: 43,
      length: 8,
      hex: '00 00 00 00 00 00 0f a0',
      value: '4000',
    });
    expect(fields.find(({ name }) => name === 'attributes')!.value).toBe('lz4, CreateTime');
    expect(fields.find(({ name }) => name === 'baseTimestamp')!.value).toBe('2023-11-14T22:13:20.000Z');
  });

  it('shows the records behind it, up to a limit, and says what it left out', () => {
    const view = hexView(batchBytes('none', ['hello', 'x'.repeat(500)]), { maxRecordBytes: 32 });
    expect(view).toContain('hello');
    expect(view).toMatch(/… {2}\d+ more bytes$/);
  });

  it('refuses what is too short to be a batch', () => {
    expect(() => hexView(Buffer.alloc(20))).toThrow('a header of 61 bytes; these are 20 bytes');
  });
});

describe('the first record of a batch', () => {
  it.each(['none', 'gzip', 'lz4'] as const)('has its fields named one by one, with %s', (codec) => {
    const fields = firstRecordFields(batchBytes(codec, ['hello', 'world']));
    expect(fields.map(({ name, value }) => `${name} ${value}`)).toEqual([
      'length 11',
      'attributes 0',
      'timestampDelta 0',
      'offsetDelta 0',
      'keyLength -1',
      'valueLength 5',
      'value hello',
      'headers 0',
    ]);
    expect(fields.reduce((sum, { length }) => sum + length, 0)).toBe(12);
    // Each begins where the one before ends.
    fields
      .slice(1)
      .forEach(({ offset }, index) => expect(offset).toBe(fields[index]!.offset + fields[index]!.length));
  });

  it('is cut short as text where it is long', () => {
    expect(recordHexView(batchBytes('none', ['x'.repeat(500)]))).toContain('… 500 bytes');
  });

  it('is asked for in bytes that hold one', () => {
    expect(() => firstRecordFields(Buffer.alloc(0))).toThrow('There is no record in these bytes');
  });
});

describe('the x-ray of a partition on the broker', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await useKafka();
  });
  afterAll(() => kafka.stop());

  it('shows the producer id and the sequences of an idempotent producer, batch by batch', async () => {
    const client = new Kafka(kafkaJsConfig(kafka));
    const producer = client.producer({
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    try {
      await withTopic(kafka, { name: 'xray', partitions: 1 }, async (topic) => {
        for (const size of [2, 3]) {
          const messages = Array.from({ length: size }, (_, i) => ({ partition: 0, value: `value-${i}` }));
          await producer.send({ topic, messages });
        }
        const batches = await xrayPartition(kafka, { topic, partition: 0 });
        expect(batches).toMatchObject([
          { baseOffset: 0n, lastOffset: 1n, records: 2, baseSequence: 0, lastSequence: 1, producerEpoch: 0 },
          { baseOffset: 2n, lastOffset: 4n, records: 3, baseSequence: 2, lastSequence: 4, producerEpoch: 0 },
        ]);
        expect(batches[0]!.producerId).toBeGreaterThanOrEqual(0n);
        expect(batches[1]!.producerId).toBe(batches[0]!.producerId);
        expect(xrayTable(batches)).toContain('0–1');
      });
    } finally {
      await producer.disconnect();
    }
  });
});
