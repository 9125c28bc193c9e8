/**
 * Kafka's partitioning hash: the 32-bit murmur2 of `org.apache.kafka.common.utils.Utils`, bit for bit.
 * Signed 32-bit arithmetic throughout: `Math.imul` and the bitwise operators wrap exactly as Java's int does.
 */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/** Hash of the bytes of a serialized key, as a signed 32-bit number. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const wholeWords = length & ~3;
  let hash = SEED ^ length;

  for (let at = 0; at < wholeWords; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, M);
    word ^= word >>> R;
    word = Math.imul(word, M);
    hash = Math.imul(hash, M) ^ word;
  }

  const left = length - wholeWords;
  if (left === 3) hash ^= bytes[wholeWords + 2]! << 16;
  if (left >= 2) hash ^= bytes[wholeWords + 1]! << 8;
  if (left >= 1) hash = Math.imul(hash ^ bytes[wholeWords]!, M);

  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}

/**
 * Strips the sign by masking the top bit, as Kafka does. `Math.abs` would place other keys elsewhere, and has no
 * positive answer for -2147483648.
 */
export function toPositive(hash: number): number {
  return hash & 0x7fffffff;
}
