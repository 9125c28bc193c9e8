import {
  BufferExhaustedError,
  IllegalArgumentError,
  KafkaError,
  TimeoutError,
} from '../../../src/protocol/errors';
import { AppendBuffers } from '../../../src/protocol/append-buffers';
import { BufferPool } from '../../../src/producer/internals/buffer-pool';
import { ManualClock } from '../../../src/support/clock';
import { bytes, Fixture, settled } from '../support/fixture';

describe('BufferPool', () => {
  it('D-01 takes what is allocated from what is available, and gives it back', async () => {
    const pool = new BufferPool(65_536, new ManualClock());

    await pool.allocate(1024, 0);
    expect(pool.availableMemory).toBe(64_512);

    pool.deallocate(1024);
    expect(pool.availableMemory).toBe(65_536);
  });

  it('D-01 D-02 D-03 uses a finished buffer again for a batch of its size, and for no batch of quite another', () => {
    const buffers = new AppendBuffers(65_536);
    const first = buffers.take(1024);
    buffers.give(first);

    expect(buffers.take(512 * 1024)).not.toBe(first);
    expect(buffers.take(1024)).toBe(first);
    expect(buffers.take(1024)).not.toBe(first);
  });

  it('D-04 refuses more than the whole pool at once, whatever the wait', async () => {
    const clock = new ManualClock();
    const pool = new BufferPool(1024, clock);

    await expect(pool.allocate(1025, 10_000)).rejects.toThrow(IllegalArgumentError);
    await expect(pool.allocate(1025, 10_000)).rejects.toThrow(RangeError);
    expect(pool.availableMemory).toBe(1024);
    expect(clock.pending).toBe(0);
  });

  it('D-05 gives out exactly the whole pool, as soon as the last piece of it is free', async () => {
    const pool = new BufferPool(5 * 1024, new ManualClock());
    await pool.allocate(1024, 0);
    let granted = false;
    const whole = pool.allocate(5 * 1024, 1000).then(() => (granted = true));
    await settled();
    expect(granted).toBe(false);

    pool.deallocate(1024);
    await whole;
    expect(pool.availableMemory).toBe(0);
  });

  it('D-06 rejects with BufferExhaustedError, a TimeoutError, when max.block.ms is over, and not before', async () => {
    const clock = new ManualClock();
    const pool = new BufferPool(1024, clock);
    await pool.allocate(1024, 0);
    let error: unknown = null;
    pool.allocate(1, 2000).catch((thrown: unknown) => void (error = thrown));

    clock.advance(1999);
    await settled();
    expect(error).toBeNull();

    clock.advance(1);
    await settled();
    expect(error).toBeInstanceOf(BufferExhaustedError);
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toContain('max.block.ms');
  });

  it('D-06 counts a record that found no memory in buffer-exhausted-total', async () => {
    const fixture = new Fixture({ bufferMemory: 1000, batchSize: 1000 });
    fixture.append({ value: bytes(900) });
    const waiting = fixture.accumulator.appendWhenMemory(fixture.record({ value: bytes(900) }), 10);
    waiting.catch(() => {});
    fixture.clock.advance(10);

    await expect(waiting).rejects.toThrow(BufferExhaustedError);
    const metric = fixture.engine.metrics.snapshot().find(({ name }) => name === 'buffer-exhausted-total');
    expect(metric?.value).toBe(1);
  });

  it('D-07 takes a waiter whose time is over out of the queue and holds nothing back for it', async () => {
    const clock = new ManualClock();
    const pool = new BufferPool(2, clock);
    await pool.allocate(1, 0);
    const waiting = pool.allocate(2, 10);
    waiting.catch(() => {});
    expect(pool.queued).toBe(1);

    clock.advance(10);

    await expect(waiting).rejects.toThrow(TimeoutError);
    expect(pool.queued).toBe(0);
    expect(pool.availableMemory).toBe(1);
  });

  it('D-07 serves the one behind when the first in the queue gives up', async () => {
    const clock = new ManualClock();
    const pool = new BufferPool(2, clock);
    await pool.allocate(1, 0);
    const large = pool.allocate(2, 10);
    large.catch(() => {});
    const small = pool.allocate(1, 1000);

    clock.advance(10);

    await small;
    expect(pool.availableMemory).toBe(0);
  });

  it('D-08 gives each waiter an entry of its own, and leaves none behind on close', async () => {
    const clock = new ManualClock();
    const pool = new BufferPool(1, clock);
    await pool.allocate(1, 0);
    const waiting = [pool.allocate(1, 1000), pool.allocate(1, 1000)];
    for (const promise of waiting) promise.catch(() => {});
    expect(pool.queued).toBe(2);

    pool.close();

    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(pool.queued).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('D-11 lets nobody overtake: what is freed goes to the first waiter, however little a later one wants', async () => {
    const pool = new BufferPool(10, new ManualClock());
    await pool.allocate(10, 0);
    const order: string[] = [];
    const large = pool.allocate(8, 1000).then(() => order.push('large'));
    const small = pool.allocate(1, 1000).then(() => order.push('small'));

    pool.deallocate(5);
    await settled();
    expect(order).toEqual([]);
    expect(pool.tryAllocate(1)).toBe(false);

    pool.deallocate(5);
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });

  it('D-11 survives ten callers with 50,000 allocations each over a pool for five, and is whole afterwards', async () => {
    const pool = new BufferPool(5 * 1000, new ManualClock());
    const workers = Array.from({ length: 10 }, async (_, worker) => {
      for (let turn = 0; turn < 50_000; turn++) {
        const size = (worker + turn) % 3 === 0 ? 1000 : 1 + ((worker * 31 + turn) % 999);
        await pool.allocate(size, 1_000_000);
        pool.deallocate(size);
      }
    });

    await Promise.all(workers);

    expect(pool.availableMemory).toBe(5000);
    expect(pool.queued).toBe(0);
  });

  it('D-12 wakes the next waiter if anything is left after the first', async () => {
    const pool = new BufferPool(10, new ManualClock());
    await pool.allocate(10, 0);
    const waiting = [pool.allocate(4, 1000), pool.allocate(4, 1000), pool.allocate(4, 1000)];
    pool.deallocate(10);

    await Promise.all(waiting.slice(0, 2));
    expect(pool.queued).toBe(1);
    // The last 2 bytes are set aside for the third waiter, which needs 2 more.
    expect(pool.availableMemory).toBe(0);
    pool.deallocate(2);
    await waiting[2];
    expect([pool.queued, pool.availableMemory]).toEqual([0, 0]);
  });

  it('D-11 serves a newcomer that fits at once, past the waiters; the first of them takes what it leaves', async () => {
    const pool = new BufferPool(100, new ManualClock());
    await pool.allocate(80, 0);
    const served: string[] = [];
    const waits = (name: string, size: number) => pool.allocate(size, 1000).then(() => served.push(name));
    const b = waits('B', 50);
    expect([pool.queued, pool.availableMemory]).toEqual([1, 20]);
    await pool.allocate(10, 0);
    expect([pool.queued, pool.availableMemory]).toEqual([1, 0]);

    const d = waits('D', 10);
    pool.deallocate(30);
    expect([pool.queued, pool.availableMemory]).toEqual([2, 0]);
    pool.deallocate(20);
    await Promise.all([b, d]);
    expect(served).toEqual(['B', 'D']);
    expect([pool.queued, pool.availableMemory]).toEqual([0, 0]);
  });

  it('D-13 fails who waits and who comes after close, and still takes memory back', async () => {
    const pool = new BufferPool(1, new ManualClock());
    await pool.allocate(1, 0);
    const waiting = pool.allocate(1, 1000);
    waiting.catch(() => {});

    pool.close();

    await expect(waiting).rejects.toThrow(KafkaError);
    await expect(pool.allocate(1, 1000)).rejects.toThrow(KafkaError);
    pool.deallocate(1);
    expect(pool.availableMemory).toBe(1);
    expect(pool.queued).toBe(0);
  });

  it('D-14 is exact beyond 2^31 bytes', async () => {
    const pool = new BufferPool(20e9, new ManualClock());
    await pool.allocate(2e9, 0);
    await pool.allocate(2e9, 0);
    expect(pool.availableMemory).toBe(16e9);

    pool.deallocate(2e9);
    expect(pool.availableMemory).toBe(18e9);
    pool.deallocate(2e9);
    expect(pool.availableMemory).toBe(20e9);
  });
});

describe('Memory of a batch', () => {
  it('D-15 is batch.size, or what the record takes at most if that is more', () => {
    const fixture = new Fixture({ batchSize: 573 });
    const pool = fixture.accumulator.pool;

    fixture.append({ key: 'key', value: bytes(5) });
    expect(33_554_432 - pool.availableMemory).toBe(573);

    fixture.append({ key: 'key', value: bytes(1024) });
    expect(33_554_432 - pool.availableMemory).toBe(573 + 1113);
    expect(fixture.accumulator.batchesOf('orders', 0)[1]!.sizeInBytes).toBe(1097);
  });

  it('D-16 goes back if another record has opened a batch with room while it was waited for', async () => {
    const fixture = new Fixture({ bufferMemory: 2000, batchSize: 1000 });
    const { accumulator } = fixture;
    accumulator.append(fixture.record({ value: bytes(900) }));
    accumulator.append(fixture.record({ value: bytes(900) }));
    const waiting = [
      accumulator.appendWhenMemory(fixture.record({ value: bytes(10) }), 1000),
      accumulator.appendWhenMemory(fixture.record({ value: bytes(10) }), 1000),
    ];
    const drained = [...fixture.drainAll().values()].flat();
    drained.push(...[...fixture.drainAll().values()].flat());
    for (const batch of drained) {
      batch.complete(0n, -1);
      accumulator.deallocate(batch);
    }
    await Promise.all(waiting);

    expect(accumulator.batchesOf('orders', 0)).toHaveLength(1);
    expect(accumulator.pool.availableMemory).toBe(1000);
  });

  it('D-18 is given back once, though the batch times out before its answer comes', async () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 1500 });
    const future = fixture.append();
    await fixture.step();
    const { pool } = fixture.accumulator;

    fixture.clock.advance(1500);
    await fixture.step();
    expect(future.isDone()).toBe(true);
    // The socket may still read the bytes.
    expect(pool.availableMemory).toBe(33_554_432 - 16_384);

    fixture.network.open[0]!.disconnect();
    await fixture.steps(2);
    expect(pool.availableMemory).toBe(33_554_432);
  });

  it('V8 runs out after two of three batches of 990 bytes in a pool of 3000', async () => {
    const fixture = new Fixture({
      bufferMemory: 3000,
      batchSize: 1000,
      topology: { leaders: { orders: [0, 0, 0] } },
    });
    fixture.append({ partition: 0, value: bytes(990) });
    fixture.append({ partition: 1, value: bytes(990) });
    const third = fixture.accumulator.appendWhenMemory(
      fixture.record({ partition: 2, value: bytes(990) }),
      0,
    );

    await expect(third).rejects.toThrow(BufferExhaustedError);
    expect(fixture.accumulator.pool.availableMemory).toBe(848);
  });
});
