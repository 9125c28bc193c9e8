import { crc32c as castagnoli } from '@node-rs/crc32';

/** CRC-32C (Castagnoli), unsigned. Not `zlib.crc32`, which is another polynomial. In native code: 4 GB/s, a table in JavaScript 0.8. */
export function crc32c(bytes: Uint8Array): number {
  return castagnoli(bytes);
}
