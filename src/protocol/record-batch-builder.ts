import { IllegalStateError } from './errors';
import { NO_HEADERS } from './header';
import type { Header } from './header';
import { AppendBuffers } from './append-buffers';
import type { Codec } from './compression';
import { crc32c } from './crc32c';
import {
  BATCH_HEADER_SIZE,
  BatchOffset,
  LOG_OVERHEAD,
  MAGIC_V2,
  recordBodySize,
  recordSize,
} from './record-batch-format';
import { MAX_VARINT_BYTES, writeVarint, writeVarlong } from './varint';

/** Java's factor of safety on the estimate of how far the records compress. */
const COMPRESSION_RATE_ESTIMATION_FACTOR = 1.05;

/** How many times the limit a buffer may be from the start, when the topic compresses that well. */
const LARGEST_START = 4;

export interface ProducerState {
  /** -1n, with epoch and sequence -1, for a batch that is not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

export interface RecordBatchBuilderOptions {
  /** Bytes after which no further record fits, header included. The first record always fits (E-05). */
  readonly writeLimit: number;
  readonly codec: Codec;
  /** Compressed / uncompressed size of this topic's batches so far; 1 without compression. */
  readonly estimatedCompressionRatio?: number;
  /** Where the buffer comes from, and goes back to on `release()`. */
  readonly buffers?: AppendBuffers;
}

const NO_REUSE = new AppendBuffers(0);

/**
 * The bytes of one record batch (magic 2), each record written once, when it is appended, behind the 61 bytes that the
 * header will take: `org.apache.kafka.common.record.MemoryRecordsBuilder`. Offsets and timestamps are deltas and stay
 * numbers, so that appending a record allocates nothing.
 */
export class RecordBatchBuilder {
  readonly #writeLimit: number;
  readonly #codec: Codec;
  readonly #buffers: AppendBuffers;
  readonly #estimatedRatio: number;
  #buffer: Buffer | null;
  #end = BATCH_HEADER_SIZE;
  /** Asked for several times with each record. */
  #sizeInBytes = BATCH_HEADER_SIZE;
  #recordCount = 0;
  #baseTimestampMs = 0;
  #maxTimestampMs = 0;
  /** The batch's own bytes once it takes no more records; the header is complete only after `close()`. */
  #sealed: Buffer | null = null;
  #state: ProducerState | null = null;

  constructor({
    writeLimit,
    codec,
    estimatedCompressionRatio = 1,
    buffers = NO_REUSE,
  }: RecordBatchBuilderOptions) {
    this.#writeLimit = writeLimit;
    this.#codec = codec;
    this.#buffers = buffers;
    this.#estimatedRatio =
      codec.id === 0 ? 1 : estimatedCompressionRatio * COMPRESSION_RATE_ESTIMATION_FACTOR;
    // What compresses well will need more room than the limit; not too much at once, since linger may end the batch early.
    const expected = Math.min(writeLimit / this.#estimatedRatio, LARGEST_START * writeLimit);
    this.#buffer = buffers.take(Math.max(Math.ceil(expected), writeLimit, BATCH_HEADER_SIZE));
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  /** Milliseconds; of the first record. */
  get baseTimestampMs(): number {
    return this.#baseTimestampMs;
  }

  get maxTimestampMs(): number {
    return this.#maxTimestampMs;
  }

  /** Header included: an estimate while records are appended and compressed later, exact once the batch takes no more. */
  get sizeInBytes(): number {
    return this.#sizeInBytes;
  }

  /** What the batch takes, or would take, without compression, header included. */
  get uncompressedSizeInBytes(): number {
    return this.#end;
  }

  /** Compressed / uncompressed size of the records; 1 without compression. Known once the batch takes no more records. */
  get compressionRatio(): number {
    if (this.#sealed === null)
      throw new IllegalStateError('The compression ratio is known once the batch is closed.');
    const uncompressed = this.#end - BATCH_HEADER_SIZE;
    return uncompressed === 0 ? 1 : (this.#sealed.length - BATCH_HEADER_SIZE) / uncompressed;
  }

  /** The limit is reached, or no more records are taken. An empty batch is never full. */
  get isFull(): boolean {
    return this.#sealed !== null || (this.#recordCount > 0 && this.#sizeInBytes >= this.#writeLimit);
  }

  get isClosedForAppends(): boolean {
    return this.#sealed !== null;
  }

  /** Whether the record fits. As in Java, the new record counts with its full size and only the others as compressed. */
  hasRoomFor(
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly Header[] = NO_HEADERS,
  ): boolean {
    if (this.#recordCount === 0) return this.#sealed === null;
    if (this.isFull) return false;
    const size = recordSize(this.#recordCount, timestampMs - this.#baseTimestampMs, key, value, headers);
    return this.#sizeInBytes + size <= this.#writeLimit;
  }

  /** Writes the record, growing the buffer if it has to: whether it should go in is for `hasRoomFor` to say. */
  append(
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly Header[] = NO_HEADERS,
  ): void {
    if (this.#sealed !== null)
      throw new IllegalStateError('A record batch takes no records once it is closed.');
    if (this.#recordCount === 0) this.#baseTimestampMs = this.#maxTimestampMs = timestampMs;
    else if (timestampMs > this.#maxTimestampMs) this.#maxTimestampMs = timestampMs;

    const timestampDeltaMs = timestampMs - this.#baseTimestampMs;
    const bodySize = recordBodySize(this.#recordCount, timestampDeltaMs, key, value, headers);
    const buffer = this.#reserve(bodySize + MAX_VARINT_BYTES);
    let at = writeVarint(buffer, this.#end, bodySize);
    buffer[at++] = 0; // attributes: there are none on a record yet
    at = writeVarlong(buffer, at, timestampDeltaMs);
    at = writeVarint(buffer, at, this.#recordCount);
    at = writeBytes(buffer, at, key);
    at = writeBytes(buffer, at, value);
    if (headers.length === 0) buffer[at++] = 0;
    else at = writeHeaders(buffer, at, headers);
    this.#end = at;
    this.#sizeInBytes = BATCH_HEADER_SIZE + Math.trunc((at - BATCH_HEADER_SIZE) * this.#estimatedRatio);
    this.#recordCount++;
  }

  /** No more records from here on. Compresses them, and gives the buffer back when they no longer need it. */
  closeForAppends(): void {
    if (this.#sealed !== null) return;
    if (this.#buffer === null || this.#recordCount === 0) {
      throw new IllegalStateError('A record batch without records cannot be closed: the broker refuses it.');
    }
    if (this.#codec.id === 0) {
      this.#sealed = this.#buffer.subarray(0, this.#end);
    } else {
      const records = this.#codec.compress(this.#buffer.subarray(BATCH_HEADER_SIZE, this.#end));
      // The next batch may have the buffer; what is left waits for its answer in one that is hardly larger.
      this.#buffers.give(this.#buffer);
      const size = BATCH_HEADER_SIZE + records.length;
      this.#buffer = this.#buffers.take(size, 1.5 * size);
      records.copy(this.#buffer, BATCH_HEADER_SIZE);
      this.#sealed = this.#buffer.subarray(0, size);
    }
    this.#sizeInBytes = this.#sealed.length;
    this.#writeFixedHeader(this.#sealed);
  }

  /**
   * The finished batch. Called again with another producer state (a new epoch, or sequences moved down after a batch before
   * this one failed) it changes the header and the checksum in place, and compresses nothing again; never while
   * a request with these bytes is still being written.
   */
  close(state: ProducerState): Buffer {
    this.closeForAppends();
    const batch = this.#sealed!;
    const { producerId, producerEpoch, baseSequence } = state;
    const same =
      this.#state !== null &&
      this.#state.producerId === producerId &&
      this.#state.producerEpoch === producerEpoch &&
      this.#state.baseSequence === baseSequence;
    if (!same) {
      batch.writeBigInt64BE(producerId, BatchOffset.producerId);
      batch.writeInt16BE(producerEpoch, BatchOffset.producerEpoch);
      batch.writeInt32BE(baseSequence, BatchOffset.baseSequence);
      batch.writeUInt32BE(crc32c(batch.subarray(BatchOffset.attributes)), BatchOffset.crc);
      this.#state = { producerId, producerEpoch, baseSequence };
    }
    return batch;
  }

  /**
   * Gives the buffer back for the next batch. Only when nobody will read these bytes again: after the answer, or after the
   * connection is gone; a request that timed out may still be on its way to the socket.
   */
  release(): void {
    if (this.#buffer !== null) this.#buffers.give(this.#buffer);
    this.#buffer = null;
  }

  #writeFixedHeader(batch: Buffer): void {
    batch.fill(0, 0, LOG_OVERHEAD); // base offset 0: the broker assigns the real one
    batch.writeInt32BE(batch.length - LOG_OVERHEAD, BatchOffset.length);
    batch.writeInt32BE(-1, BatchOffset.partitionLeaderEpoch); // the broker's to fill in, and outside the checksum
    batch[BatchOffset.magic] = MAGIC_V2;
    batch.writeInt16BE(this.#codec.id, BatchOffset.attributes);
    batch.writeInt32BE(this.#recordCount - 1, BatchOffset.lastOffsetDelta);
    writeInt64(batch, BatchOffset.baseTimestamp, this.#baseTimestampMs);
    writeInt64(batch, BatchOffset.maxTimestamp, this.#maxTimestampMs);
    batch.writeInt32BE(this.#recordCount, BatchOffset.recordCount);
  }

  #reserve(bytes: number): Buffer {
    const buffer = this.#buffer!;
    if (this.#end + bytes <= buffer.length) return buffer;
    // Compressed batches hold more records than the limit has bytes, and a single large record may need more than asked for.
    const larger = this.#buffers.take(Math.max(2 * buffer.length, this.#end + bytes));
    buffer.copy(larger, BATCH_HEADER_SIZE, BATCH_HEADER_SIZE, this.#end);
    this.#buffers.give(buffer);
    this.#buffer = larger;
    return larger;
  }
}

function writeInt64(buffer: Buffer, offset: number, value: number): void {
  buffer.writeInt32BE(Math.floor(value / 2 ** 32), offset);
  buffer.writeUInt32BE(value >>> 0, offset + 4);
}

function writeBytes(buffer: Buffer, offset: number, bytes: Uint8Array | null): number {
  if (bytes === null) {
    buffer[offset] = 1; // the varint of -1
    return offset + 1;
  }
  const start = writeVarint(buffer, offset, bytes.length);
  buffer.set(bytes, start);
  return start + bytes.length;
}

function writeHeaders(buffer: Buffer, offset: number, headers: readonly Header[]): number {
  let at = writeVarint(buffer, offset, headers.length);
  for (const { key, value } of headers) {
    at = writeVarint(buffer, at, Buffer.byteLength(key, 'utf8'));
    at += buffer.write(key, at, 'utf8');
    at = writeBytes(buffer, at, value);
  }
  return at;
}
