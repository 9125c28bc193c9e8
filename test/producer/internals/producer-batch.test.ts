import {
  IllegalStateError,
  InvalidRecordError,
  KafkaError,
  TimeoutError,
} from '../../../src/protocol/errors';
import { AppendBuffers } from '../../../src/protocol/append-buffers';
import { codecFor } from '../../../src/protocol/compression';
import type { CompressionType } from '../../../src/protocol/compression';
import { FutureRecordMetadata } from '../../../src/producer/internals/future-record-metadata';
import { ProduceRequestResult } from '../../../src/producer/internals/produce-request-result';
import { ProducerBatch } from '../../../src/producer/internals/producer-batch';
import type { PendingRecord, SendCallback } from '../../../src/producer/internals/producer-batch';
import { RecordBatchBuilder } from '../../../src/protocol/record-batch-builder';
import { decodeRecordBatches } from '../../../src/protocol/record-batch-decoder';
import { estimateUpperBound } from '../../../src/protocol/record-batch-format';
import { splitBatch } from '../../../src/producer/internals/split-batch';
import { ManualClock } from '../../../src/support/clock';
import { settled, stateOf } from '../support/fixture';

const clock = new ManualClock(1000);

function newBatch(writeLimit = 512, type: CompressionType = 'none'): ProducerBatch {
  const builder = new RecordBatchBuilder({
    writeLimit,
    codec: codecFor(type),
    buffers: new AppendBuffers(0),
  });
  return new ProducerBatch({
    number: 1,
    topic: 'orders',
    partition: 1,
    builder,
    allocatedBytes: writeLimit,
    writeLimit,
    clock,
  });
}

function record(
  callback: SendCallback | null = null,
  size = 10,
  headers: PendingRecord['headers'] = [],
): PendingRecord {
  const value = Buffer.alloc(size, 'v');
  return {
    topic: 'orders',
    partition: 1,
    timestamp: 10,
    key: null,
    value,
    headers,
    sizeUpperBound: estimateUpperBound(null, value, headers),
    callback,
    number: 0,
  };
}

describe('ProducerBatch', () => {
  it('F-01 F-02 is aborted once: the callback comes once, and a late answer changes nothing', async () => {
    const calls: unknown[] = [];
    const batch = newBatch();
    const future = batch.tryAppend(record((_, error) => calls.push(error)))!;
    const error = new KafkaError('stop');

    batch.abort(error);

    expect(await stateOf(future)).toBe(error);
    expect(calls).toEqual([error]);
    expect(batch.complete(500n, 2000)).toBe(false);
    expect(batch.completeExceptionally(() => new KafkaError('late'))).toBe(false);
    expect(() => batch.abort(error)).toThrow(IllegalStateError);
    expect(calls).toHaveLength(1);
  });

  it('F-03 keeps its success', async () => {
    const batch = newBatch();
    const future = batch.tryAppend(record())!;
    batch.complete(500n, 10);

    expect(() => batch.complete(1000n, 20)).toThrow(IllegalStateError);
    expect(() => batch.abort(new KafkaError('late'))).toThrow(IllegalStateError);
    const metadata = await future.get();
    expect(metadata.offset).toBe(500n);
    expect(metadata.timestamp).toBe(10);
  });

  it('F-04 F-09 stays failed when a success comes later, without a second callback', () => {
    let calls = 0;
    const batch = newBatch();
    batch.tryAppend(record(() => calls++));
    expect(batch.completeExceptionally(() => new TimeoutError('late'))).toBe(true);
    expect(batch.complete(500n, 10)).toBe(false);
    expect(calls).toBe(1);
  });

  it('F-05 gives each record the offset of its place', async () => {
    const batch = newBatch();
    const futures = Array.from({ length: 6 }, () => batch.tryAppend(record())!);
    batch.complete(45n, -1);
    expect((await futures[5]!.get()).offset).toBe(50n);
    expect((await futures[5]!.get()).hasOffset()).toBe(true);
  });

  it('F-06 gives records their own errors, and the others that of the batch', async () => {
    const batch = newBatch();
    const futures = [0, 1, 2, 3].map(() => batch.tryAppend(record())!);
    const own = new InvalidRecordError('own');
    const top = new KafkaError('top');

    batch.completeExceptionally((index) => (index === 0 || index === 3 ? own : top));

    expect(await Promise.all(futures.map(stateOf))).toEqual([own, top, top, own]);
  });

  it('F-07 takes nothing after it was closed for appends, though bytes are left', () => {
    const batch = newBatch();
    expect(batch.tryAppend(record())).not.toBeNull();
    batch.closeForAppends();
    expect(batch.tryAppend(record())).toBeNull();
  });

  it('F-08 F-09 calls back in the order of the records, one that throws notwithstanding, before anybody who waits', async () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const order: string[] = [];
    const batch = newBatch();
    const future = batch.tryAppend(record(() => order.push('first')))!;
    const waiting = future.get().then(() => order.push('get'));
    batch.tryAppend(
      record(() => {
        order.push('second');
        throw new Error('mine');
      }),
    );
    batch.tryAppend(
      record((metadata) => {
        order.push(`third@${metadata.offset}`);
      }),
    );

    batch.complete(7n, -1);
    await waiting;

    expect(order).toEqual(['first', 'second', 'third@9', 'get']);
    expect(String(warning.mock.calls[0]![0])).toContain('mine');
    warning.mockRestore();
  });

  it('F-13 reports sizes of -1 for a null key and value', async () => {
    const batch = newBatch();
    const future = batch.tryAppend({ ...record(), value: null })!;
    batch.complete(0n, -1);
    expect(await future.get()).toMatchObject({
      serializedKeySize: -1,
      serializedValueSize: -1,
      timestamp: 10,
    });
  });

  it('gives callbacks of failed records the partition, and neither offset nor sizes', () => {
    const seen: unknown[] = [];
    const batch = newBatch();
    batch.tryAppend(record((metadata) => seen.push(metadata)));
    batch.completeExceptionally(() => new KafkaError('no'));
    expect(seen).toEqual([
      {
        topic: 'orders',
        partition: 1,
        offset: -1n,
        timestamp: -1,
        serializedKeySize: -1,
        serializedValueSize: -1,
      },
    ]);
  });
});

describe('Futures', () => {
  it('F-10 time out while there is no answer, and have it when it comes', async () => {
    const result = new ProduceRequestResult('orders', 1, clock);
    const future = new FutureRecordMetadata(result, 5, 0, 0, 0);
    const early = future.get(5);
    clock.advance(5);
    await expect(early).rejects.toThrow(TimeoutError);
    expect(future.isDone()).toBe(false);

    result.set(45n, -1, null);
    result.done();
    expect((await future.get(5)).offset).toBe(50n);
  });

  it('are no thenables, or awaiting send() would wait for the broker', () => {
    expect(newBatch().tryAppend(record())).not.toHaveProperty('then');
  });

  it('F-11 J-02 follow their record into the piece of a split batch, callbacks too, in order', async () => {
    const order: string[] = [];
    const batch = newBatch(4096);
    const futures = Array.from({ length: 30 }, (_, at) =>
      batch.tryAppend(record((metadata) => order.push(`${at}@${metadata.offset}`), 100))!,
    );
    const waiting = futures[29]!.get();
    batch.closeForAppends();
    const pieces = splitBatch(batch, 1024, (limit) => newBatch(limit));
    batch.splitInto(pieces);
    await settled();
    expect(pieces.length).toBeGreaterThan(2);
    expect(futures[0]!.isDone()).toBe(false);

    let offset = 100n;
    for (const piece of pieces) {
      piece.complete(offset, -1);
      offset += BigInt(piece.recordCount);
    }

    expect((await waiting).offset).toBe(129n);
    expect(order).toEqual(Array.from({ length: 30 }, (_, at) => `${at}@${100 + at}`));
  });
});

describe('Splitting', () => {
  it.each(['none', 'gzip', 'lz4', 'snappy', 'zstd'] as const)(
    'J-05 keeps headers, compression and format (%s)',
    (type) => {
      const headers = [{ key: 'origin', value: Buffer.from('test') }];
      const batch = newBatch(100_000, type);
      for (let at = 0; at < 100; at++) batch.tryAppend(record(null, 100, headers));
      batch.closeForAppends();

      const pieces = splitBatch(batch, 512, (limit) => newBatch(limit, type));

      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.reduce((sum, { recordCount }) => sum + recordCount, 0)).toBe(100);
      for (const piece of pieces) {
        const [decoded] = decodeRecordBatches(piece.close());
        expect(decoded).toMatchObject({ baseOffset: 0n, compressionType: type });
        expect(decoded!.records().every((one) => one.headers[0]!.value!.equals(Buffer.from('test')))).toBe(
          true,
        );
      }
    },
  );

  it.each([
    [false, 'The last response was MESSAGE_TOO_LARGE: it was not written.'],
    [
      true,
      'The last response was MESSAGE_TOO_LARGE: no response says that it was not written: it may have been written.',
    ],
  ])(
    'says of a piece what is known of its batch, also before the piece itself is sent (%s)',
    (mayBeWritten, fate) => {
      const batch = newBatch(4096);
      for (let at = 0; at < 10; at++) batch.tryAppend(record(null, 100));
      batch.closeForAppends();
      batch.lastResponse = 'MESSAGE_TOO_LARGE';
      batch.mayBeWritten = mayBeWritten;

      const pieces = splitBatch(batch, 512, (limit) => newBatch(limit));

      expect(new Set(pieces.map((piece) => piece.fate))).toEqual(new Set([fate]));
    },
  );
});
