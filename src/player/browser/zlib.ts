import { gunzipSync as gunzip, gzipSync as gzip } from 'fflate';

/** In place of node:zlib, as far as the producer uses it. */
const zlib = {
  constants: { Z_DEFAULT_COMPRESSION: -1, ZSTD_c_compressionLevel: 100 },
  gzipSync(input: Uint8Array, { level = -1 }: { level?: number } = {}): Buffer {
    return Buffer.from(gzip(input, { level: (level < 0 ? 6 : level) as 6 }));
  },
  gunzipSync: (input: Uint8Array): Buffer => Buffer.from(gunzip(input)),
  zstdCompressSync: unavailable,
  zstdDecompressSync: unavailable,
};

function unavailable(): never {
  throw new Error('This page has no zstd: choose none, gzip or snappy, or use a notebook.');
}

// node:zlib has a default export.
// eslint-disable-next-line import-x/no-default-export
export default zlib;
