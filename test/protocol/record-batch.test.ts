import { createHash } from 'node:crypto';
import { AppendBuffers } from '../../src/protocol/append-buffers';
import { COMPRESSION_TYPES, codecFor } from '../../src/protocol/compression';
import { crc32c } from '../../src/protocol/crc32c';
import { RecordBatchBuilder } from '../../src/protocol/record-batch-builder';
import { decodeRecordBatches } from '../../src/protocol/record-batch-decoder';
import { estimateUpperBound, recordSize } from '../../src/protocol/record-batch-format';
import { GOLDEN_BATCH, RECORD_SIZES, UPPER_BOUNDS } from '../vectors/java-vectors';

const NOT_IDEMPOTENT = { producerId: -1n, producerEpoch: -1, baseSequence: -1 };
const HEADER = [{ key: 'hk', value: Buffer.from('hv') }];
const bytes = (length: number | null) => (length === null ? null : Buffer.alloc(length, 0x61));

function builderOf(writeLimit: number, type: (typeof COMPRESSION_TYPES)[number] = 'none', ratio = 1) {
  return new RecordBatchBuilder({ writeLimit, codec: codecFor(type), estimatedCompressionRatio: ratio });
}

function goldenBuilder(writeLimit = 1024) {
  const builder = builderOf(writeLimit);
  const t = GOLDEN_BATCH.baseTimestampMs;
  builder.append(t, Buffer.from('key'), Buffer.from('value'));
  builder.append(t + 5, null, Buffer.from('v2'), [{ key: 'h', value: Buffer.from('x') }]);
  builder.append(t + 7, Buffer.from('k3'), null);
  return builder;
}

/** Appends equal records until one does not fit, noting the size after each. */
function fill(builder: RecordBatchBuilder, key: Buffer | null, value: Buffer): number[] {
  const sizes: number[] = [];
  while (builder.hasRoomFor(0, key, value)) {
    builder.append(0, key, value);
    sizes.push(builder.sizeInBytes);
  }
  return sizes;
}

const sha256 = (part: Buffer | null) =>
  part === null ? null : createHash('sha256').update(part).digest('hex');
const fingerprint = ({ key, value }: { key: Buffer | null; value: Buffer | null }) => [
  sha256(key),
  sha256(value),
];
const steps = (sizes: number[]) => sizes.map((size, index) => size - (sizes[index - 1] ?? 0));

describe('CRC-32C', () => {
  it('L-04 of "Some String" is 608512271', () => {
    expect(crc32c(Buffer.from('Some String'))).toBe(608512271);
  });
});

describe('record sizes', () => {
  it.each(RECORD_SIZES)(
    'L-05 offset delta %d, timestamp delta %d, key %p, value %p: %d bytes, with a header %d',
    (offsetDelta, timestampDelta, key, value, size, sizeWithHeader) => {
      expect(recordSize(offsetDelta, timestampDelta, bytes(key), bytes(value))).toBe(size);
      expect(recordSize(offsetDelta, timestampDelta, bytes(key), bytes(value), HEADER)).toBe(sizeWithHeader);
    },
  );

  it.each(UPPER_BOUNDS)('G-08 key %p, value %d: at most %d bytes', (key, value, upperBound) => {
    expect(estimateUpperBound(bytes(key), bytes(value))).toBe(upperBound);
  });
});

describe('RecordBatchBuilder', () => {
  it('L-06 writes the bytes that Java writes, without and with a producer id', () => {
    expect(goldenBuilder().close(NOT_IDEMPOTENT).toString('hex')).toBe(GOLDEN_BATCH.plain);
    const idempotent = goldenBuilder().close({ producerId: 4000n, producerEpoch: 3, baseSequence: 7 });
    expect(idempotent.toString('hex')).toBe(GOLDEN_BATCH.idempotent);
  });

  it('I-09 closes again with another producer state in place, and not at all with the same', () => {
    const builder = goldenBuilder();
    const first = builder.close({ producerId: 1n, producerEpoch: 0, baseSequence: 0 });
    const again = builder.close({ producerId: 4000n, producerEpoch: 3, baseSequence: 7 });
    expect(again.toString('hex')).toBe(GOLDEN_BATCH.idempotent);
    expect(again.buffer).toBe(first.buffer);
    expect(builder.close({ producerId: 4000n, producerEpoch: 3, baseSequence: 7 })).toBe(again);
  });

  it('writes the same bytes when its buffer has to grow', () => {
    expect(goldenBuilder(61).close(NOT_IDEMPOTENT).toString('hex')).toBe(GOLDEN_BATCH.plain);
  });

  it('E-01 with 1025 + 61 bytes takes 68 records of key 3 and value 5: +76, then +15, +16 from the 65th on', () => {
    const added = steps(fill(builderOf(1025 + 61), Buffer.alloc(3), Buffer.alloc(5)));
    expect(added).toEqual([76, ...Array<number>(63).fill(15), ...Array<number>(4).fill(16)]);
  });

  it('E-02 and 83 records without a key: +73, then +12, +13', () => {
    const added = steps(fill(builderOf(1025 + 61), null, Buffer.alloc(5)));
    expect(added).toEqual([73, ...Array<number>(63).fill(12), ...Array<number>(19).fill(13)]);
  });

  it('E-03 with the default 16384 bytes takes 1024 records of 3 + 5 bytes, or 148 of 100 without a key', () => {
    const small = fill(builderOf(16384), Buffer.alloc(3), Buffer.alloc(5));
    expect([small.length, small.at(-1)]).toEqual([1024, 16381]);
    const large = fill(builderOf(16384), null, Buffer.alloc(100));
    expect([large.length, large.at(-1)]).toEqual([148, 16277]);
  });

  it('E-05, E-06 takes its first record whatever its size, and is not full with it when it asked for exactly that', () => {
    const value = Buffer.alloc(100_000);
    const small = builderOf(100);
    expect(small.hasRoomFor(0, null, value)).toBe(true);
    small.append(0, null, value);
    expect([small.isFull, small.hasRoomFor(0, null, Buffer.alloc(1))]).toEqual([true, false]);

    const exact = builderOf(estimateUpperBound(null, value));
    exact.append(0, null, value);
    expect(exact.isFull).toBe(false);
  });

  it('C-21 with a limit of 1 takes exactly one record', () => {
    const builder = builderOf(1);
    expect(fill(builder, null, Buffer.alloc(1))).toHaveLength(1);
    expect(builder.isFull).toBe(true);
  });

  it('reckons with the compression ratio of earlier batches: at a quarter, about four times as many records fit', () => {
    const value = Buffer.alloc(100);
    const plain = fill(builderOf(16384), null, value).length;
    const packed = fill(builderOf(16384, 'lz4', 0.25), null, value).length;
    expect(packed / plain).toBeGreaterThan(3.7);
    expect(packed / plain).toBeLessThan(3.9); // 4 divided by the safety factor 1.05
  });

  it('F-07 takes nothing once it is closed for appends, though bytes are left', () => {
    const builder = goldenBuilder();
    builder.closeForAppends();
    expect([builder.isFull, builder.hasRoomFor(0, null, null)]).toEqual([true, false]);
    expect(() => builder.append(0, null, null)).toThrow(/closed/);
  });

  it('refuses to close without a record, and to tell a ratio before it is closed', () => {
    expect(() => builderOf(100).close(NOT_IDEMPOTENT)).toThrow(/without records/);
    expect(() => goldenBuilder().compressionRatio).toThrow(/closed/);
  });

  it('takes timestamps in any order; the first is the base', () => {
    const builder = builderOf(1024);
    const times = [5_000_000_000_000, 1, 9_000_000_000_000];
    for (const time of times) builder.append(time, null, null);
    const [batch] = decodeRecordBatches(builder.close(NOT_IDEMPOTENT));
    expect([batch?.baseTimestamp, batch?.maxTimestamp]).toEqual([times[0], times[2]]);
    expect(batch?.records().map(({ timestamp }) => timestamp)).toEqual(times);
  });

  it('gives its buffer back: after compressing at once, otherwise when it is released', () => {
    for (const type of COMPRESSION_TYPES) {
      const buffers = new AppendBuffers(1 << 20);
      const own = Buffer.alloc(2048);
      buffers.give(own);
      const builder = new RecordBatchBuilder({ writeLimit: 2048, codec: codecFor(type), buffers });
      builder.append(0, null, Buffer.alloc(10));
      const batch = builder.close(NOT_IDEMPOTENT);
      const before = Buffer.from(batch);
      if (type === 'none') builder.release();
      const reused = buffers.take(2048);
      expect(reused).toBe(own);
      reused.fill(0xff);
      if (type !== 'none') expect(batch.equals(before)).toBe(true);
    }
  });

  describe.each(COMPRESSION_TYPES)('with %s', (type) => {
    const records = [
      { key: null, value: null, headers: [] },
      { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: [] },
      {
        key: Buffer.from('ключ-🙂'),
        value: Buffer.from('Grüße'),
        headers: [{ key: 'ü', value: null }, ...HEADER],
      },
      { key: Buffer.from('large'), value: Buffer.alloc(1 << 20, 'lorem ipsum '), headers: [] },
    ];

    it('keeps every shape of record byte for byte', () => {
      const builder = builderOf(1024, type);
      records.forEach(({ key, value, headers }, index) => builder.append(1000 + index, key, value, headers));
      const batch = builder.close({ producerId: 7n, producerEpoch: 2, baseSequence: 30 });

      const [decoded, ...more] = decodeRecordBatches(batch);
      expect(more).toEqual([]);
      expect(decoded).toMatchObject({
        compressionType: type,
        recordCount: 4,
        producerId: 7n,
        producerEpoch: 2,
        baseSequence: 30,
      });
      const read = decoded!.records();
      expect(read.map(({ offset, timestamp }) => [offset, timestamp])).toEqual(
        records.map((_record, index) => [BigInt(index), 1000 + index]),
      );
      expect(read.map(({ headers }) => headers)).toEqual(records.map(({ headers }) => headers));
      // Hashes rather than toEqual: jest takes seconds to compare a megabyte.
      expect(read.map(fingerprint)).toEqual(records.map(fingerprint));
      expect(builder.sizeInBytes).toBe(batch.length);
      expect(builder.compressionRatio).toBeCloseTo(
        (batch.length - 61) / (builder.uncompressedSizeInBytes - 61),
      );
    });
  });
});

describe('decodeRecordBatches', () => {
  const golden = Buffer.from(GOLDEN_BATCH.idempotent, 'hex');
  const damaged = (offset: number, value: number) => {
    const copy = Buffer.from(golden);
    copy[offset] = value;
    return copy;
  };

  it('reads the batch that Java wrote', () => {
    const [batch] = decodeRecordBatches(golden);
    expect(batch).toMatchObject({
      baseOffset: 0n,
      lastOffset: 2n,
      producerId: 4000n,
      producerEpoch: 3,
      baseSequence: 7,
      recordCount: 3,
      isControl: false,
      isTransactional: false,
      timestampType: 'CreateTime',
    });
    expect(batch?.records().map(({ key, value }) => [key?.toString(), value?.toString()])).toEqual([
      ['key', 'value'],
      [undefined, 'v2'],
      ['k3', undefined],
    ]);
  });

  it('reads several batches one after the other, and none from no bytes', () => {
    expect(decodeRecordBatches(Buffer.concat([golden, golden]))).toHaveLength(2);
    expect(decodeRecordBatches(Buffer.alloc(0))).toEqual([]);
  });

  it('leaves a cut-off last batch out only when told so', () => {
    const cut = Buffer.concat([golden, golden.subarray(0, 70)]);
    expect(decodeRecordBatches(cut, { partialTail: 'ignore' })).toHaveLength(1);
    expect(() => decodeRecordBatches(cut)).toThrow(/cut off/);
    expect(() => decodeRecordBatches(Buffer.from('x'))).toThrow(/cut off/);
  });

  it.each([
    ['a changed byte in a record', 95, 0x41, /checksum/],
    ['another format', 16, 1, /format 1/],
    ['a length shorter than its header', 11, 3, /header takes 61/],
  ])('refuses %s', (_what, offset, value, message) => {
    expect(() => decodeRecordBatches(damaged(offset, value))).toThrow(message);
  });

  it('refuses records that are not what a right checksum covers', () => {
    const wrongCount = damaged(60, 4);
    wrongCount.writeUInt32BE(crc32c(wrongCount.subarray(21)), 17);
    expect(() => decodeRecordBatches(wrongCount)[0]?.records()).toThrow(/cannot be decoded/);
    const leftOver = damaged(60, 2);
    leftOver.writeUInt32BE(crc32c(leftOver.subarray(21)), 17);
    expect(() => decodeRecordBatches(leftOver)[0]?.records()).toThrow(/bytes are left/);
    const unknownCodec = damaged(22, 7);
    unknownCodec.writeUInt32BE(crc32c(unknownCodec.subarray(21)), 17);
    expect(() => decodeRecordBatches(unknownCodec)).toThrow(/unknown codec/);
  });
});
