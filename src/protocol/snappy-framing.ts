import './codec-memory';
import { compressSync, uncompressSync } from 'snappy';

/**
 * Kafka's snappy is the framing of the Java library (xerial), not snappy's own frame format: a magic, two version numbers,
 * then blocks, each with its compressed length in front.
 */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const VERSION = 1;
const LOWEST_COMPATIBLE_VERSION = 1;
const FRAME_HEADER_SIZE = MAGIC.length + 8;
/** Uncompressed bytes per block, as Java writes them. */
const BLOCK_SIZE = 32 * 1024;

export function snappyCompress(bytes: Buffer): Buffer {
  const header = Buffer.allocUnsafe(FRAME_HEADER_SIZE);
  MAGIC.copy(header);
  header.writeInt32BE(VERSION, MAGIC.length);
  header.writeInt32BE(LOWEST_COMPATIBLE_VERSION, MAGIC.length + 4);
  const parts: Buffer[] = [header];
  for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
    const block = compressSync(bytes.subarray(at, at + BLOCK_SIZE));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

/** Takes bare snappy as well, which some clients write. */
export function snappyDecompress(bytes: Buffer): Buffer {
  if (bytes.length < FRAME_HEADER_SIZE || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    return uncompress(bytes);
  const parts: Buffer[] = [];
  for (let at = FRAME_HEADER_SIZE; at < bytes.length;) {
    const length = bytes.readInt32BE(at);
    const end = at + 4 + length;
    if (length < 0 || end > bytes.length)
      throw new RangeError(`A snappy block of ${length} bytes ends behind its data.`);
    parts.push(uncompress(bytes.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(parts);
}

function uncompress(block: Buffer): Buffer {
  return uncompressSync(block, { asBuffer: true }) as Buffer;
}
