import fc from 'fast-check';
import { COMPRESSION_TYPES, codecFor } from '../../../../src/protocol/compression';
import type { CompressionType } from '../../../../src/protocol/compression';
import { crc32c } from '../../../../src/protocol/crc32c';
import { RecordBatchBuilder } from '../../../../src/protocol/record-batch-builder';
import { BATCH_HEADER_SIZE, BatchOffset, LOG_OVERHEAD } from '../../../../src/protocol/record-batch-format';

/** A record as it is planned: small, so that a counterexample can be read. */
export interface PlannedRecord {
  readonly key: 'none' | 'empty' | 'text';
  readonly value: 'null' | 'text' | 'long';
  readonly headers: 0 | 1;
  readonly timestamp: keyof typeof TIMESTAMPS;
}

/** Which sequence number a batch begins with. */
export type PlannedSequence =
  /** The one that the partition expects of this producer, and so many more. */
  | { readonly is: 'next'; readonly plus: number }
  /** That of a batch that was taken, so many of them ago. */
  | { readonly is: 'of-earlier'; readonly ago: number }
  /** The very bytes of that batch once more, whatever else is planned. */
  | { readonly is: 'again'; readonly ago: number }
  | { readonly is: 'exactly'; readonly sequence: number };

export interface PlannedBatch {
  /** null: not idempotent. */
  readonly producer: 0 | 1 | 2 | null;
  readonly epoch: number;
  readonly sequence: PlannedSequence;
  readonly records: readonly PlannedRecord[];
  readonly compression: CompressionType;
  readonly damage: Damage;
}

export type Damage =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'bit-flipped';
      readonly at: number;
      readonly bit: number;
      readonly checksum: 'kept' | 'right';
    }
  | { readonly kind: 'cut-off'; readonly bytes: number }
  /** It ends after so many bytes, and says so in its length. */
  | { readonly kind: 'short'; readonly bytes: number }
  | { readonly kind: 'bytes-behind'; readonly bytes: number }
  | { readonly kind: 'twice' | 'nothing' | 'not-compressed' | 'offsets-not-in-order' | 'endless-varint' }
  | { readonly kind: 'field'; readonly field: keyof typeof FIELDS; readonly value: number };

/** Before and after now, in milliseconds. */
const TIMESTAMPS = {
  now: () => Date.now(),
  'minutes-ago': () => Date.now() - 600_000,
  'years-ago': () => 1_000_000_000_000,
  soon: () => Date.now() + 600_000,
  'next-week': () => Date.now() + 604_800_000,
  none: () => -1,
  negative: () => -2,
} as const;

/** Fields of the header that can be set to a wrong value; the checksum is right all the same. */
const FIELDS = {
  baseOffset: (bytes: Buffer, value: number) => bytes.writeBigInt64BE(BigInt(value), BatchOffset.baseOffset),
  length: (bytes: Buffer, value: number) => bytes.writeInt32BE(value, BatchOffset.length),
  magic: (bytes: Buffer, value: number) => bytes.writeInt8(value, BatchOffset.magic),
  attributes: (bytes: Buffer, value: number) => {
    bytes.writeInt16BE(bytes.readInt16BE(BatchOffset.attributes) | value, BatchOffset.attributes);
    // The broker writes attributes anew only where it has to write the largest timestamp anew.
    if (value >= 64) bytes.writeBigInt64BE(-1n, BatchOffset.maxTimestamp);
  },
  lastOffsetDelta: (bytes: Buffer, value: number) => bytes.writeInt32BE(value, BatchOffset.lastOffsetDelta),
  maxTimestamp: (bytes: Buffer, value: number) =>
    bytes.writeBigInt64BE(BigInt(value), BatchOffset.maxTimestamp),
  recordCount: (bytes: Buffer, value: number) => bytes.writeInt32BE(value, BatchOffset.recordCount),
} as const;

const CODEC_ID_MASK = 0x07;
/** Five, as a varint has them. */
const FAR_OFFSET = 10;
const LONGEST_VARINT = 5;
/** What is damaged in the records before they are compressed, or is not compressed although it says so. */
const COMPRESSED_AFTERWARDS: ReadonlySet<Damage['kind']> = new Set([
  'not-compressed',
  'offsets-not-in-order',
  'endless-varint',
]);

/** Bytes of the batch; `sequence` and `producerId` are those that the plan has come to mean. */
export function bytesOf(plan: PlannedBatch, producerId: bigint, sequence: number): Buffer {
  const codec = codecFor(COMPRESSED_AFTERWARDS.has(plan.damage.kind) ? 'none' : plan.compression);
  const builder = new RecordBatchBuilder({ writeLimit: 4096, codec });
  for (const { key, value, headers, timestamp } of plan.records) {
    builder.append(
      TIMESTAMPS[timestamp](),
      key === 'none' ? null : Buffer.from(key === 'empty' ? '' : 'key'),
      value === 'null' ? null : Buffer.from('value'.repeat(value === 'long' ? 60 : 1)),
      headers === 0 ? [] : [{ key: 'header', value: Buffer.from('1') }],
    );
  }
  const state =
    plan.producer === null
      ? { producerId: -1n, producerEpoch: -1, baseSequence: -1 }
      : { producerId, producerEpoch: plan.epoch, baseSequence: sequence };
  return damaged(Buffer.from(builder.close(state)), plan);
}

function damaged(bytes: Buffer, { damage, compression }: PlannedBatch): Buffer {
  switch (damage.kind) {
    case 'none':
      return bytes;
    case 'bit-flipped': {
      // Within compressed records it would be the codec that is compared, and some of them then ask for a lot of memory.
      const end = compression === 'none' ? bytes.length : BATCH_HEADER_SIZE;
      const at = damage.at % end;
      bytes[at] = bytes[at]! ^ (1 << damage.bit);
      return damage.checksum === 'right' ? withChecksum(bytes) : bytes;
    }
    case 'cut-off':
      return bytes.subarray(0, Math.max(bytes.length - damage.bytes, 0));
    case 'short': {
      const short = Buffer.from(bytes.subarray(0, damage.bytes));
      short.writeInt32BE(short.length - LOG_OVERHEAD, BatchOffset.length);
      return short;
    }
    case 'bytes-behind':
      return Buffer.concat([bytes, Buffer.alloc(damage.bytes)]);
    case 'twice':
      return Buffer.concat([bytes, bytes]);
    case 'nothing':
      return Buffer.alloc(0);
    case 'not-compressed':
      bytes[BatchOffset.attributes + 1] = codecFor(compression).id & CODEC_ID_MASK;
      return withChecksum(bytes);
    case 'offsets-not-in-order':
      return withChecksum(compressed(withFirstOffset(bytes, FAR_OFFSET), compression));
    case 'endless-varint':
      bytes.fill(0xff, BATCH_HEADER_SIZE, BATCH_HEADER_SIZE + LONGEST_VARINT);
      return withChecksum(compressed(bytes, compression));
    case 'field':
      FIELDS[damage.field](bytes, damage.value);
      return withChecksum(bytes);
  }
}

/** In an uncompressed batch: the offset delta is behind the record's length, attributes and timestamp delta, a byte each. */
function withFirstOffset(bytes: Buffer, zigZagged: number): Buffer {
  const lengthBytes = bytes[BATCH_HEADER_SIZE]! < 0x80 ? 1 : 2;
  bytes[BATCH_HEADER_SIZE + lengthBytes + 2] = zigZagged;
  return bytes;
}

function compressed(bytes: Buffer, compression: CompressionType): Buffer {
  const codec = codecFor(compression);
  const all = Buffer.concat([
    bytes.subarray(0, BATCH_HEADER_SIZE),
    codec.compress(bytes.subarray(BATCH_HEADER_SIZE)),
  ]);
  all.writeInt32BE(all.length - LOG_OVERHEAD, BatchOffset.length);
  all[BatchOffset.attributes + 1] = codec.id;
  return all;
}

function withChecksum(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes.subarray(BatchOffset.attributes)), BatchOffset.crc);
  return bytes;
}

const records = (maxLength: number) =>
  fc.array(
    fc.record({
      key: weighted<PlannedRecord['key']>(['text', 12], ['none', 2], ['empty', 1]),
      value: weighted<PlannedRecord['value']>(['text', 6], ['null', 1], ['long', 1]),
      headers: weighted<PlannedRecord['headers']>([0, 5], [1, 1]),
      timestamp: weighted<PlannedRecord['timestamp']>(
        ['now', 60],
        ['minutes-ago', 2],
        ['years-ago', 1],
        ['soon', 1],
        ['next-week', 1],
        ['none', 1],
        ['negative', 1],
      ),
    }),
    { minLength: 1, maxLength },
  );

const sequence: fc.Arbitrary<PlannedSequence> = fc.oneof(
  { weight: 16, arbitrary: fc.constant({ is: 'next', plus: 0 } as const) },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 7 }).map((ago) => ({ is: 'again', ago }) as const) },
  { weight: 2, arbitrary: fc.integer({ min: -5, max: 5 }).map((plus) => ({ is: 'next', plus }) as const) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 7 }).map((ago) => ({ is: 'of-earlier', ago }) as const) },
  {
    weight: 2,
    arbitrary: fc
      .oneof(
        fc.integer({ min: 2_147_483_640, max: 2_147_483_647 }),
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom(-1, -2),
      )
      .map((value) => ({ is: 'exactly', sequence: value }) as const),
  },
);

const field: fc.Arbitrary<Damage> = fc
  .oneof(
    fc.tuple(fc.constant('baseOffset' as const), fc.constantFrom(1, -1)),
    fc.tuple(
      fc.constant('length' as const),
      fc.constantFrom(-1, 0, 13, 14, 15, 20, 48, 49, 60, 2_147_483_647),
    ),
    fc.tuple(fc.constant('magic' as const), fc.constantFrom(-1, 0, 1, 3)),
    fc.tuple(fc.constant('attributes' as const), fc.constant(32)),
    // Transactional, which decides about the whole request; codecs, LogAppendTime, and bits without a meaning.
    fc.tuple(fc.constant('attributes' as const), fc.constant(16)),
    fc.tuple(fc.constant('attributes' as const), fc.constantFrom(5, 6, 7, 8, 64, 128, 256)),
    fc.tuple(fc.constant('lastOffsetDelta' as const), fc.constantFrom(-2, -1, 0, 1, 2, 3)),
    fc.tuple(fc.constant('maxTimestamp' as const), fc.constantFrom(-1, 0, 1_000_000_000_000)),
    fc.tuple(fc.constant('recordCount' as const), fc.constantFrom(-1, 0, 1, 2, 3)),
  )
  .map(([name, value]) => ({ kind: 'field', field: name, value }));

const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 60, arbitrary: fc.constant({ kind: 'none' } as const) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('bit-flipped' as const),
      at: fc.nat(400),
      bit: fc.nat(7),
      checksum: fc.constantFrom('kept' as const, 'right' as const),
    }),
  },
  { weight: 6, arbitrary: field },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut-off' as const), bytes: fc.integer({ min: 1, max: 90 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('bytes-behind' as const),
      bytes: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'twice' } as const, { kind: 'nothing' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'not-compressed' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'offsets-not-in-order' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'endless-varint' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('short' as const), bytes: fc.integer({ min: 26, max: 70 }) }),
  },
);

/** A batch as a correct producer sends it, as a confused one does, or as none would. */
export const plannedBatch: fc.Arbitrary<PlannedBatch> = fc.record({
  producer: weighted<PlannedBatch['producer']>([0, 8], [1, 4], [2, 1], [null, 1]),
  epoch: weighted([0, 40], [1, 6], [2, 2], [-1, 1], [-2, 1], [32_767, 1]),
  sequence,
  records: records(4),
  compression: weighted<CompressionType>(
    ['none', 4],
    ...COMPRESSION_TYPES.slice(1).map((type) => [type, 1] as const),
  ),
  damage,
});

const goodRecord: PlannedRecord = { key: 'text', value: 'text', headers: 0, timestamp: 'now' };

/** One of a correct producer's batches, sent for the first time or once more: what the broker's memory is for. */
const goodBatch: fc.Arbitrary<PlannedBatch> = fc.record({
  producer: weighted<PlannedBatch['producer']>([0, 6], [1, 1]),
  epoch: fc.constant(0),
  sequence: fc.oneof(
    { weight: 6, arbitrary: fc.constant({ is: 'next', plus: 0 } as const) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 7 }).map((ago) => ({ is: 'again', ago }) as const) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 1).map((plus) => ({ is: 'next', plus }) as const) },
  ),
  records: fc.array(fc.constant(goodRecord), { minLength: 1, maxLength: 2 }),
  compression: fc.constant('none' as const),
  damage: fc.constant({ kind: 'none' } as const),
});

/** Such a producer's epochs only go up. */
const goodSequence = fc
  .array(fc.tuple(goodBatch, weighted([0, 8], [1, 1])), { maxLength: 20, size: 'max' })
  .map((batches) => {
    let epoch = 0;
    return batches.map(([batch, bump]) => ({ ...batch, epoch: (epoch += bump) }));
  });

/** What is sent to one partition, one batch after the other. Shrinks to nothing, so that a counterexample names one partition. */
export const plannedSequence = fc.oneof(
  { weight: 2, arbitrary: fc.array(plannedBatch, { maxLength: 14, size: 'max' }) },
  { weight: 1, arbitrary: goodSequence },
);

function weighted<T>(...choices: readonly (readonly [value: T, weight: number])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([value, weight]) => ({ weight, arbitrary: fc.constant(value) })));
}
