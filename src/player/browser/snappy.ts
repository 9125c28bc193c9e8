import { compress, uncompress } from 'snappyjs';

/** In place of the native snappy: the same format, in JavaScript. */
export function compressSync(input: Buffer): Buffer {
  return Buffer.from(compress(input));
}

export function uncompressSync(input: Buffer): Buffer {
  return Buffer.from(uncompress(input));
}
