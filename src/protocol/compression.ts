import './codec-memory';
import kafkaJsZstd from '@kafkajs/zstd';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';
import zlib from 'node:zlib';
import { IllegalArgumentError } from './errors';
import { snappyCompress, snappyDecompress } from './snappy-framing';

export type CompressionType = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/**
 * Compression is synchronous, once per batch. On two cores and 64 KB of JSON, in µs a batch, the thread pool never won, and
 * it cost more CPU: lz4 96 (108 in the pool), snappy 426 (409), zstd 152 (449), gzip 580 (678). A batch is compressed
 * the moment it takes no more records, so that its uncompressed bytes do not wait in memory for the sender.
 */
export interface Codec {
  readonly type: CompressionType;
  /** The lowest three bits of a batch's attributes. */
  readonly id: number;
  compress(records: Buffer): Buffer;
}

interface CompressionDefinition {
  readonly type: CompressionType;
  readonly id: number;
  /** Name, default and range of the level, as in Kafka 4.4; null for a codec without levels. */
  readonly level: CompressionLevel | null;
  readonly compress: (records: Buffer, level: number) => Buffer;
  readonly decompress: (compressed: Buffer) => Buffer;
}

export interface CompressionLevel {
  readonly configName: 'compression.gzip.level' | 'compression.lz4.level' | 'compression.zstd.level';
  readonly defaultLevel: number;
  readonly min: number;
  readonly max: number;
}

/** Indexed by id. */
export const COMPRESSIONS: readonly CompressionDefinition[] = [
  { type: 'none', id: 0, level: null, compress: (records) => records, decompress: (records) => records },
  {
    type: 'gzip',
    id: 1,
    level: {
      configName: 'compression.gzip.level',
      defaultLevel: zlib.constants.Z_DEFAULT_COMPRESSION,
      min: 1,
      max: 9,
    },
    compress: (records, level) => zlib.gzipSync(records, { level }),
    decompress: (compressed) => zlib.gunzipSync(compressed),
  },
  { type: 'snappy', id: 2, level: null, compress: snappyCompress, decompress: snappyDecompress },
  {
    type: 'lz4',
    id: 3,
    // lz4-napi has one compressor, the fast one. Java uses its fast one at the default level 9 only, and a slower
    // one that packs better at every other level: those levels are accepted here and change nothing.
    level: { configName: 'compression.lz4.level', defaultLevel: 9, min: 1, max: 17 },
    compress: (records) => compressFrameSync(records),
    decompress: (compressed) => decompressFrameSync(compressed),
  },
  {
    type: 'zstd',
    id: 4,
    level: { configName: 'compression.zstd.level', defaultLevel: 3, min: -131072, max: 22 },
    // node:zlib rather than @kafkajs/zstd: the same library, but synchronous and without a trip through the thread pool.
    compress: (records, level) =>
      zlib.zstdCompressSync(records, {
        params: { [zlib.constants.ZSTD_c_compressionLevel]: level },
        pledgedSrcSize: records.length,
      }),
    decompress: (compressed) => zlib.zstdDecompressSync(compressed),
  },
];

const BY_TYPE = new Map(COMPRESSIONS.map((definition) => [definition.type, definition]));

export const COMPRESSION_TYPES: readonly CompressionType[] = COMPRESSIONS.map(({ type }) => type);

export function compressionOf(type: CompressionType): CompressionDefinition {
  const definition = BY_TYPE.get(type);
  if (definition === undefined) {
    throw new IllegalArgumentError(
      `There is no compression type ${type}: use ${COMPRESSION_TYPES.join(', ')}.`,
    );
  }
  return definition;
}

/** The codec with its level fixed; without one, Kafka's default level. */
export function codecFor(type: CompressionType, level?: number): Codec {
  const { id, compress, level: levels } = compressionOf(type);
  const fixed = level ?? levels?.defaultLevel ?? 0;
  return { type, id, compress: (records) => compress(records, fixed) };
}

/** What kafkajs's own producer and consumer need in their `CompressionCodecs` to read and write what this producer does. */
export interface KafkaJsCodec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

/**
 * The codecs that kafkajs does not bring along, by its number for them (snappy 2, lz4 3, zstd 4). zstd is `@kafkajs/zstd`
 * itself. Register with `Object.assign(CompressionCodecs, kafkaJsCodecs())`.
 */
export function kafkaJsCodecs(): Record<number, () => KafkaJsCodec> {
  const over = (type: CompressionType) => (): KafkaJsCodec => {
    const codec = codecFor(type);
    const { decompress } = compressionOf(type);
    return {
      compress: (encoder) => Promise.resolve(codec.compress(encoder.buffer)),
      decompress: (buffer) => Promise.resolve(decompress(buffer)),
    };
  };
  const { level } = compressionOf('zstd');
  return {
    2: over('snappy'),
    3: over('lz4'),
    4: kafkaJsZstd({ level: level?.defaultLevel }),
  };
}
