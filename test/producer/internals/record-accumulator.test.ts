import { KafkaError, TimeoutError } from '../../../src/protocol/errors';
import { SeededRandom } from '../../../src/support/seeded-random';
import { AppendBuffers } from '../../../src/protocol/append-buffers';
import { isSendable } from '../../../src/producer/internals/batch-readiness';
import type { ProducerBatch } from '../../../src/producer/internals/producer-batch';
import { bytes, Fixture, settled, stateOf, TOPIC } from '../support/fixture';

const NO_LINGER_OVER = 2_147_483_647;

function flat(drained: Map<number, ProducerBatch[]>): ProducerBatch[] {
  return [...drained.values()].flat();
}

function partitionsOf(drained: Map<number, ProducerBatch[]>): number[] {
  return flat(drained).map(({ partition }) => partition);
}

function nodesReady(fixture: Fixture): number[] {
  return [...fixture.accumulator.ready(fixture.clock.now()).readyNodes];
}

describe('Appending', () => {
  it('E-01 E-04 fills a batch to the byte; a second one makes the first full and its node ready', () => {
    const fixture = new Fixture({ batchSize: 1025 + 61, lingerMs: NO_LINGER_OVER });
    const sizes: number[] = [];
    const sizeOfFirst = () => fixture.accumulator.batchesOf(TOPIC, 0)[0]!.sizeInBytes;
    for (let record = 0, before = 0; record < 68; record++) {
      fixture.append({ key: 'key', value: 'value' });
      sizes.push(sizeOfFirst() - before);
      before = sizeOfFirst();
      expect(nodesReady(fixture)).toEqual([]);
    }
    expect([sizes[0], sizes[1], sizes[63], sizes[64]]).toEqual([76, 15, 15, 16]);

    fixture.append({ key: 'key', value: 'value' });
    expect(fixture.accumulator.batchesOf(TOPIC, 0).map(({ recordCount }) => recordCount)).toEqual([68, 1]);
    expect(nodesReady(fixture)).toEqual([0]);
    expect(flat(fixture.drainAll()).map(({ recordCount }) => recordCount)).toEqual([68]);
  });

  it.each([
    ['E-02', 1025 + 61, null, 5, 83, 61 + 82 * 12 + 12 + 19],
    ['E-03', 16_384, 'key', 5, 1024, 16_381],
    ['E-03', 16_384, null, 100, 148, 16_277],
  ])('%s puts as many records into a batch of %i as Java: key %s, value of %i bytes', (...row) => {
    const [, batchSize, key, valueSize, records, size] = row;
    const fixture = new Fixture({ batchSize, lingerMs: NO_LINGER_OVER });
    while (fixture.accumulator.batchesOf(TOPIC, 0).length < 2)
      fixture.append({ key, value: bytes(valueSize) });
    const [first] = fixture.accumulator.batchesOf(TOPIC, 0);
    expect(first!.recordCount).toBe(records);
    expect(first!.sizeInBytes).toBe(size);
  });

  it.each(['none', 'lz4'] as const)(
    'E-05 gives a record of any size a batch of its own (%s)',
    (compressionType) => {
      const fixture = new Fixture({ batchSize: 512, compressionType });
      fixture.append({ value: bytes(1024) });

      expect(nodesReady(fixture)).toEqual([0]);
      expect(flat(fixture.drainAll()).map(({ recordCount }) => recordCount)).toEqual([1]);
    },
  );

  it('E-06 does not take such a batch for full: its limit is what it was given', () => {
    const fixture = new Fixture({ batchSize: 512, lingerMs: 10 });
    fixture.append({ value: bytes(1024) });

    expect(fixture.accumulator.batchesOf(TOPIC, 0)[0]!.isFull).toBe(false);
    expect(nodesReady(fixture)).toEqual([]);
  });

  it('E-28 puts what a callback of an expired batch sends into a fresh batch', async () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 1500, lingerMs: NO_LINGER_OVER });
    fixture.network.notReady.add(0);
    for (let record = 0; record < 10; record++) fixture.append({ callback: () => void fixture.append() });

    fixture.clock.advance(1500);
    await fixture.step();

    const batches = fixture.accumulator.batchesOf(TOPIC, 0);
    expect(batches.map(({ recordCount }) => recordCount)).toEqual([10]);
  });

  it('E-31 fails with KafkaError once closed', () => {
    const fixture = new Fixture();
    fixture.accumulator.close();
    expect(() => fixture.append()).toThrow(KafkaError);
  });

  it('E-33 loses none of 50,000 records of five appenders while one drains', async () => {
    const fixture = new Fixture({
      batchSize: 1024,
      topology: { leaders: { [TOPIC]: [0, 0] } },
      bufferMemory: 16_384,
    });
    const { accumulator } = fixture;
    let left = 5 * 10_000;
    let read = 0;
    const appenders = Array.from({ length: 5 }, async (_, appender) => {
      for (let at = 0; at < 10_000; at++, left--) {
        const record = fixture.record({
          partition: (appender + at) % 2,
          key: String(appender),
          value: bytes(10),
        });
        if (accumulator.append(record) === null) await accumulator.appendWhenMemory(record, 1_000_000);
      }
    });
    const drainer = async () => {
      while (left > 0 || accumulator.hasUndrained()) {
        await settled();
        for (const batch of flat(fixture.drainAll())) {
          read += batch.recordCount;
          batch.complete(0n, -1);
          accumulator.deallocate(batch);
        }
      }
    };

    await Promise.all([...appenders, drainer()]);

    expect(read).toBe(50_000);
    expect(accumulator.pool.availableMemory).toBe(16_384);
  });

  it('E-34 wakes the sender for a new batch and for a full one, within the append', () => {
    const fixture = new Fixture({ batchSize: 1025 + 61, lingerMs: NO_LINGER_OVER });
    const wakeup = jest.spyOn(fixture.engine.loop, 'wakeup');
    const needed: boolean[] = [];
    for (let record = 0; record < 69; record++) {
      wakeup.mockClear();
      fixture.append({ key: 'key', value: 'value' });
      needed.push(wakeup.mock.calls.length > 0);
    }
    expect(needed.map((isNeeded, at) => (isNeeded ? at : -1)).filter((at) => at >= 0)).toEqual([0, 68]);
  });

  it('keeps the order of send() among those who wait for memory and those who come afterwards', async () => {
    const fixture = new Fixture({ batchSize: 200, bufferMemory: 400 });
    const { accumulator } = fixture;
    fixture.append({ value: bytes(110) });
    fixture.append({ value: bytes(110) });
    const waiting = ['first', 'second'].map((key) =>
      accumulator.appendWhenMemory(fixture.record({ key, value: bytes(100) }), 1000),
    );
    const [done] = flat(fixture.drainAll());
    done!.complete(0n, -1);
    accumulator.deallocate(done!);
    // Memory is there, but it is promised.
    expect(accumulator.append(fixture.record({ key: 'third', value: bytes(100) }))).toBeNull();
    waiting[1]!.catch(() => {});
    await waiting[0];

    const keys = accumulator.batchesOf(TOPIC, 0).map((batch) => batch.recordCount);
    expect(keys).toEqual([1, 1]);
    expect(accumulator.pool.queued).toBe(1);
  });
});

describe('A batch that cannot be opened', () => {
  it('D-10 gives its memory back', async () => {
    const fixture = new Fixture();
    const broken = jest.spyOn(AppendBuffers.prototype, 'take').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed');
    });
    try {
      expect(() => fixture.append()).toThrow('allocation failed');
      const waiting = fixture.accumulator.appendWhenMemory(fixture.record(), 0);
      await expect(waiting).rejects.toThrow('allocation failed');
    } finally {
      broken.mockRestore();
    }
    expect(fixture.accumulator.pool.availableMemory).toBe(33_554_432);
    fixture.append();
  });
});

describe('The estimate of the compression ratio', () => {
  it.each([1, 20, 40, 60, 80, 99])(
    'J-06 keeps splits below a tenth of the batches with %i %% easy records',
    (easyPercent) => {
      const fixture = new Fixture({ batchSize: 1024, compressionType: 'gzip', lingerMs: NO_LINGER_OVER });
      const random = new SeededRandom(42 + easyPercent);
      let batches = 0;
      let splits = 0;
      const dealWith = (drained: ProducerBatch[]) => {
        for (const batch of drained) {
          batches++;
          if (batch.sizeInBytes > 1024 && batch.recordCount > 1) {
            fixture.accumulator.splitAndReenqueue(batch);
            splits++;
          }
          fixture.accumulator.deallocate(batch);
        }
      };
      for (let record = 0; record < 1000; record++) {
        const isEasy = random.fraction() * 100 < easyPercent;
        const letters = Array.from({ length: 200 }, () =>
          isEasy ? 97 : Math.floor(random.fraction() * 256),
        );
        fixture.append({ value: Buffer.from(letters) });
        if (nodesReady(fixture).length > 0) dealWith(flat(fixture.drainAll()));
      }
      expect(batches).toBeGreaterThan(20);
      expect(splits / batches).toBeLessThan(0.1);
    },
  );
});

describe('Sticky partitions', () => {
  const topology = { leaders: { [TOPIC]: [0, 0, 0] } };

  it('B-10 B-11 holds a switch back while the last batch has room, and makes up for it when it is closed', () => {
    let draws = 0;
    const random = () => ((draws++ % 3) + 0.5) / 3;
    const fixture = new Fixture({ batchSize: 1024, topology, random, lingerMs: NO_LINGER_OVER });
    draws = 0;
    const seen = [5, 1024, 1024, 1024, 1024].map((size) => {
      const { partition } = fixture.appendSticky(bytes(size));
      return [partition, draws];
    });
    expect(seen.map(([partition]) => partition)).toEqual([0, 0, 1, 2, 0]);
    expect(seen.map(([, drawn]) => drawn)).toEqual([1, 1, 2, 3, 4]);
  });

  it('B-14 makes no fractional batches of a stream with a long linger', () => {
    let draws = 0;
    const random = () => ((draws++ % 3) + 0.5) / 3;
    const fixture = new Fixture({ batchSize: 512, topology, random, lingerMs: NO_LINGER_OVER });
    const valueSize = Math.floor((512 * 2) / 3 / 10);
    for (let round = 0; round < 10; round++) {
      while (nodesReady(fixture).length === 0) fixture.appendSticky(bytes(valueSize));
      const sizes = flat(fixture.drainAll())
        .filter(({ isFull }) => isFull)
        .map(({ sizeInBytes }) => sizeInBytes);
      expect(sizes.every((size) => size > 256 && size <= 512)).toBe(true);
      expect(sizes.length).toBeGreaterThan(0);
    }
  });

  it('B-15 B-16 tells the partitioner the lengths of the queues, once every partition has one', () => {
    let draws = 0;
    const random = () => ((draws++ % 14) + 0.5) / 14;
    const fixture = new Fixture({ batchSize: 128, topology, random, lingerMs: NO_LINGER_OVER });
    const batchesFor = (partition: number, count: number) => {
      for (let at = 0; at < count; at++) fixture.append({ partition, value: bytes(100) });
    };
    batchesFor(0, 1);
    fixture.accumulator.ready(fixture.clock.now());
    draws = 0;
    // One queue of three: draws are uniform still.
    const first = Array.from({ length: 14 }, () => fixture.appendSticky(bytes(100)).partition);
    expect(new Set(first).size).toBe(3);
  });

  it('B-15 draws 7, 1 and 6 times of 14 with queues of 1, 7 and 2', () => {
    let draws = 0;
    const fixture = new Fixture({
      batchSize: 1,
      topology,
      random: () => ((draws++ % 14) + 0.5) / 14,
      lingerMs: NO_LINGER_OVER,
    });
    [1, 7, 2].forEach((count, partition) => {
      for (let at = 0; at < count; at++) fixture.append({ partition, value: bytes(100) });
    });
    fixture.accumulator.ready(fixture.clock.now());
    draws = 0;

    const counts = [0, 0, 0];
    for (let record = 0; record < 14; record++) counts[fixture.appendSticky(bytes(100)).partition]!++;

    expect(counts).toEqual([7, 1, 6]);
  });

  it('B-17 leaves out the partitions of a node that has not been drained for longer than the timeout', () => {
    const fixture = new Fixture({
      batchSize: 1,
      topology: { leaders: { [TOPIC]: [0, 1, 0] } },
      partitionAvailabilityTimeoutMs: 100,
      lingerMs: NO_LINGER_OVER,
    });
    [1, 7, 2].forEach((count, partition) => {
      for (let at = 0; at < count; at++) fixture.append({ partition, value: bytes(100) });
    });
    const { accumulator, clock } = fixture;
    accumulator.updateNodeLatencyStats(0, clock.now() - 200, true);
    accumulator.updateNodeLatencyStats(0, clock.now(), false);
    accumulator.updateNodeLatencyStats(1, clock.now(), true);
    accumulator.ready(clock.now());

    const drawn = Array.from({ length: 11 }, () => fixture.appendSticky(bytes(100)).partition);
    expect(new Set(drawn.slice(1))).toEqual(new Set([1]));
  });

  it('B-18 moves the ready time of a node whenever it has data, the drain time only when it takes them', () => {
    const { accumulator, clock } = new Fixture({ partitionAvailabilityTimeoutMs: 10 });
    const seen: unknown[] = [];
    for (const canDrain of [true, false, true]) {
      accumulator.updateNodeLatencyStats(0, clock.now(), canDrain);
      const { drainMs, readyMs } = accumulator.nodeLatencyStats.get(0)!;
      seen.push([drainMs - 1_700_000_000_000, readyMs - 1_700_000_000_000]);
      clock.advance(50);
    }
    expect(seen).toEqual([
      [0, 0],
      [0, 50],
      [100, 100],
    ]);
  });
});

describe('Ready', () => {
  it('E-07 waits for linger.ms and not longer', () => {
    const fixture = new Fixture({ lingerMs: 10 });
    fixture.append();
    expect(nodesReady(fixture)).toEqual([]);
    fixture.clock.advance(9);
    expect(nodesReady(fixture)).toEqual([]);
    fixture.clock.advance(1);
    expect(nodesReady(fixture)).toEqual([0]);
  });

  it('E-08 goes out for any of six reasons, unless it is muted or backing off', () => {
    const batch = { createdMs: 0, lastAttemptMs: 0, attempts: 0, sizeInBytes: 10, closed: false };
    const state = {
      batchSize: 100,
      lingerMs: 10,
      retryBackoffMs: 20,
      waitingForMemory: false,
      flushing: false,
      closed: false,
      muted: false,
    };
    const reasons = [
      { batch: { ...batch, closed: true } },
      { batch: { ...batch, sizeInBytes: 100 } },
      { nowMs: 10 },
      { state: { ...state, waitingForMemory: true } },
      { state: { ...state, flushing: true } },
      { state: { ...state, closed: true } },
    ];
    expect(isSendable(batch, state, 9)).toBe(false);
    for (const reason of reasons) {
      const given = { batch, state, nowMs: 0, ...reason };
      expect(isSendable(given.batch, given.state, given.nowMs)).toBe(true);
      expect(isSendable(given.batch, { ...given.state, muted: true }, given.nowMs)).toBe(false);
      expect(isSendable({ ...given.batch, attempts: 1 }, given.state, given.nowMs)).toBe(false);
      expect(isSendable({ ...given.batch, attempts: 1, closed: true }, given.state, 20)).toBe(true);
    }
  });

  it('E-09 makes every partition sendable while somebody waits for memory', () => {
    const fixture = new Fixture({
      bufferMemory: 32_768,
      lingerMs: NO_LINGER_OVER,
      topology: { leaders: { [TOPIC]: [0, 1] } },
    });
    fixture.append({ partition: 0 });
    fixture.append({ partition: 1 });
    expect(nodesReady(fixture)).toEqual([]);

    const large = fixture.record({ partition: 0, value: bytes(16_380) });
    fixture.accumulator.appendWhenMemory(large, 1000).catch(() => {});
    expect(nodesReady(fixture)).toEqual([0, 1]);
  });

  it('E-10 comes back when the first of the waiting batches is due', () => {
    const fixture = new Fixture({ lingerMs: 10, topology: { leaders: { [TOPIC]: [0, 0, 1] } } });
    const delay = () => fixture.accumulator.ready(fixture.clock.now()).nextReadyCheckDelayMs;
    fixture.append({ partition: 0 });
    expect(delay()).toBe(10);

    fixture.clock.advance(5);
    fixture.append({ partition: 2 });
    expect(delay()).toBe(5);

    fixture.clock.advance(5);
    expect(nodesReady(fixture)).toEqual([0]);
    expect(delay()).toBe(5);
  });

  it('E-11 reports a topic whose leader is not known, and leaves its batch where it is', async () => {
    const fixture = new Fixture({ topology: { leaders: { [TOPIC]: [-1] } } });
    fixture.append();
    expect([...fixture.accumulator.ready(fixture.clock.now()).unknownLeaderTopics]).toEqual([TOPIC]);
    expect(flat(fixture.drainAll())).toEqual([]);

    await fixture.step();
    expect(fixture.engine.metadata.updateRequested).toBe(true);
  });

  it('E-17 sends everything during a flush, whatever the linger, and has it incomplete until it is answered', () => {
    const fixture = new Fixture({ lingerMs: NO_LINGER_OVER, batchSize: 512 });
    for (let record = 0; record < 100; record++) fixture.append({ key: 'key', value: bytes(20) });
    fixture.accumulator.beginFlush();
    const drained: ProducerBatch[] = [];
    while (nodesReady(fixture).length > 0) drained.push(...flat(fixture.drainAll()));

    expect(drained.reduce((sum, { recordCount }) => sum + recordCount, 0)).toBe(100);
    expect(fixture.accumulator.incomplete.size).toBe(drained.length);
    for (const batch of drained) fixture.accumulator.deallocate(batch);
    expect(fixture.accumulator.incomplete.size).toBe(0);
  });

  it('E-18 waits in a flush for the batches that were there when it began', async () => {
    const fixture = new Fixture({ lingerMs: NO_LINGER_OVER });
    const { accumulator } = fixture;
    fixture.append();
    accumulator.beginFlush();
    expect(accumulator.flushInProgress).toBe(true);
    let isFlushed = false;
    const flushed = accumulator.awaitIncompleteBatches().then(() => (isFlushed = true));
    const [batch] = flat(fixture.drainAll());
    fixture.append();
    await settled();
    expect(isFlushed).toBe(false);

    batch!.complete(0n, -1);
    await flushed;
    accumulator.endFlush();
    expect(accumulator.flushInProgress).toBe(false);
    expect(accumulator.hasUndrained()).toBe(true);
  });
});

describe('Drain', () => {
  it('E-12 takes one batch per partition, up to max.request.size', () => {
    const fixture = new Fixture({ batchSize: 1024, topology: { leaders: { [TOPIC]: [0, 0] } } });
    for (const partition of [0, 1]) {
      for (let record = 0; record < 70; record++) fixture.append({ partition, key: 'key', value: 'value' });
    }
    expect(partitionsOf(fixture.drainAll(1024))).toEqual([0]);
  });

  it('adds up sizes after compression, which makes small batches larger', () => {
    const fixture = new Fixture({
      batchSize: 1,
      compressionType: 'gzip',
      topology: { leaders: { [TOPIC]: [0, 0, 0] } },
    });
    for (const partition of [0, 1, 2]) fixture.append({ partition, value: 'v' });
    const uncompressed = fixture.accumulator.batchesOf(TOPIC, 0)[0]!.sizeInBytes;
    const limit = 3 * uncompressed;
    const [drained] = [...fixture.drainAll(limit).values()];
    expect(drained![0]!.sizeInBytes).toBeGreaterThan(uncompressed);
    expect(drained!.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)).toBeLessThanOrEqual(limit);
    expect(drained).toHaveLength(2);
  });

  it('E-13 goes on where it stopped, on each node for itself, and passes over what is muted', () => {
    const fixture = new Fixture({ batchSize: 200, topology: { leaders: { [TOPIC]: [0, 0, 1, 1] } } });
    const fill = () => {
      for (let partition = 0; partition < 4; partition++) fixture.append({ partition, value: bytes(100) });
    };
    const drain = () => partitionsOf(fixture.drainAll(200, [0, 1]));
    for (let round = 0; round < 6; round++) fill();

    expect(drain()).toEqual([0, 2]);
    expect(drain()).toEqual([1, 3]);
    expect(drain()).toEqual([0, 2]);
    fixture.accumulator.mute(TOPIC, 3);
    expect(drain()).toEqual([1, 2]);
    fixture.accumulator.unmute(TOPIC, 3);
    expect(partitionsOf(fixture.drainAll(10_000, [0, 1])).sort()).toEqual([0, 1, 2, 3]);
  });

  it('E-14 sends a batch that alone is larger than the limit, alone', () => {
    const fixture = new Fixture({ topology: { leaders: { [TOPIC]: [0, 0] } } });
    fixture.append({ partition: 0, value: bytes(5000) });
    fixture.append({ partition: 1, value: bytes(5000) });
    expect(partitionsOf(fixture.drainAll(1000))).toEqual([0]);
    expect(partitionsOf(fixture.drainAll(1000))).toEqual([1]);
  });

  it('E-15 drains nothing for a node without partitions', () => {
    const fixture = new Fixture();
    fixture.append();
    expect(flat(fixture.drainAll(10_000, [7]))).toEqual([]);
  });

  it('E-16 neither counts a muted partition as ready nor drains it', () => {
    const fixture = new Fixture();
    fixture.append();
    fixture.accumulator.mute(TOPIC, 0);
    expect(nodesReady(fixture)).toEqual([]);
    expect(flat(fixture.drainAll())).toEqual([]);

    fixture.accumulator.unmute(TOPIC, 0);
    expect(nodesReady(fixture)).toEqual([0]);
    expect(flat(fixture.drainAll())).toHaveLength(1);
  });
});

describe('Retry', () => {
  it('E-20 E-22 waits for the backoff before a retry; a first attempt and other partitions do not', () => {
    const fixture = new Fixture({ topology: { leaders: { [TOPIC]: [0, 0] } } });
    fixture.append({ partition: 0 });
    const [retried] = flat(fixture.drainAll());
    fixture.accumulator.reenqueue(retried!, fixture.clock.now());
    fixture.append({ partition: 1 });

    expect(partitionsOf(fixture.drainAll())).toEqual([1]);
    fixture.clock.advance(99);
    expect(nodesReady(fixture)).toEqual([]);
    fixture.clock.advance(1);
    expect(nodesReady(fixture)).toEqual([0]);
    expect(partitionsOf(fixture.drainAll())).toEqual([0]);
  });

  it('E-23 lets a retry go at once when the leader has changed, and only then', () => {
    const fixture = new Fixture({ topology: { leaders: { [TOPIC]: [0] }, leaderEpoch: 100 } });
    fixture.append();
    expect(nodesReady(fixture)).toEqual([0]);
    const [batch] = flat(fixture.drainAll());
    fixture.accumulator.reenqueue(batch!, fixture.clock.now());
    expect(nodesReady(fixture)).toEqual([]);
    expect(flat(fixture.drainAll())).toEqual([]);

    fixture.network.topology = { leaders: { [TOPIC]: [1] }, leaderEpoch: 101 };
    fixture.learn();
    expect(nodesReady(fixture)).toEqual([1]);
    expect(flat(fixture.drainAll(10_000, [1]))).toEqual([batch]);

    // The next retry is to the same leader again.
    fixture.accumulator.reenqueue(batch!, fixture.clock.now());
    expect(nodesReady(fixture)).toEqual([]);
    fixture.clock.advance(200);
    expect(nodesReady(fixture)).toEqual([1]);
  });

  it('E-24 takes leader epochs upwards only, and a missing one for nothing', () => {
    const fixture = new Fixture();
    fixture.append();
    const [batch] = flat(fixture.drainAll());
    batch!.updateLeaderEpoch(100);
    batch!.reenqueued(fixture.clock.now(), 100);
    expect(batch!.leaderChangedForThisRetry).toBe(false);

    batch!.updateLeaderEpoch(101);
    expect(batch!.leaderChangedForThisRetry).toBe(true);

    batch!.reenqueued(fixture.clock.now(), 100);
    batch!.updateLeaderEpoch(100);
    batch!.updateLeaderEpoch(-1);
    expect(batch!.leaderChangedForThisRetry).toBe(false);
  });

  it('E-24 keeps a newer leader when a broker that lags behind answers', () => {
    const fixture = new Fixture({ topology: { leaders: { [TOPIC]: [1] }, leaderEpoch: 7 } });
    fixture.network.topology = { leaders: { [TOPIC]: [0] }, leaderEpoch: 6 };
    fixture.learn();
    expect(fixture.engine.metadata.leaderOf(TOPIC, 0)).toMatchObject({ leader: 1, leaderEpoch: 7 });
  });

  it('E-24 believes a lower epoch once the topic was unknown in between: it was made anew', () => {
    const fixture = new Fixture({ topology: { leaders: { [TOPIC]: [1] }, leaderEpoch: 7 } });
    fixture.network.topology = { leaders: { [TOPIC]: [] } };
    fixture.learn();
    expect(fixture.engine.metadata.leaderOf(TOPIC, 0)).toMatchObject({ leader: 1 });
    fixture.network.topology = { leaders: { [TOPIC]: [0] }, leaderEpoch: 0 };
    fixture.learn();
    expect(fixture.engine.metadata.leaderOf(TOPIC, 0)).toMatchObject({ leader: 0, leaderEpoch: 0 });
  });
});

describe('Expiry', () => {
  it('E-25 counts from the opening of the batch, muted or not', () => {
    const fixture = new Fixture({
      deliveryTimeoutMs: 3200,
      lingerMs: 3000,
      topology: { leaders: { [TOPIC]: [0, 0] } },
    });
    fixture.append({ partition: 0 });
    fixture.append({ partition: 1 });
    fixture.accumulator.mute(TOPIC, 1);

    fixture.clock.advance(3000);
    expect(fixture.accumulator.expiredBatches(fixture.clock.now())).toEqual([]);
    fixture.clock.advance(200);
    expect(fixture.accumulator.expiredBatches(fixture.clock.now())).toHaveLength(2);
    expect(fixture.accumulator.hasUndrained()).toBe(false);
  });

  it('E-25 expires the older of two retried batches, although the younger stands before it', () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 3200, lingerMs: 0 });
    const openedMs = fixture.clock.now();
    const opened = [0, 200].map((ms) => {
      fixture.clock.advance(ms);
      fixture.append();
      return flat(fixture.drainAll())[0]!;
    });
    const [older, younger] = opened;
    for (const batch of opened) fixture.accumulator.reenqueue(batch, fixture.clock.now());
    expect(fixture.accumulator.batchesOf(TOPIC, 0)).toEqual([younger, older]);

    expect(fixture.accumulator.oldestCreatedMs()).toBe(openedMs);
    fixture.clock.advance(3000);
    expect(fixture.accumulator.expiredBatches(fixture.clock.now())).toEqual([older]);
    fixture.clock.advance(200);
    expect(fixture.accumulator.expiredBatches(fixture.clock.now())).toEqual([younger]);
  });

  it('E-26 does not expire when the clock goes backwards', () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 3200 });
    fixture.append();
    const [batch] = fixture.accumulator.batchesOf(TOPIC, 0);
    expect(batch!.hasReachedDeliveryTimeout(3200, batch!.createdMs - 2)).toBe(false);
    expect(batch!.hasReachedDeliveryTimeout(3200, batch!.createdMs + 3200)).toBe(true);
    expect(batch!.hasReachedDeliveryTimeout(Number.MAX_SAFE_INTEGER, batch!.createdMs + 3200)).toBe(false);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])(
    'E-27 expires a retried batch that is muted, and drains it otherwise (muted: %s)',
    (isMuted, expired) => {
      const fixture = new Fixture({ deliveryTimeoutMs: 3200 });
      fixture.append();
      const [batch] = flat(fixture.drainAll());
      fixture.accumulator.reenqueue(batch!, fixture.clock.now());
      if (isMuted) fixture.accumulator.mute(TOPIC, 0);
      fixture.clock.advance(3200);

      expect(flat(fixture.drainAll())).toHaveLength(1 - expired);
      expect(fixture.accumulator.expiredBatches(fixture.clock.now())).toHaveLength(expired);
    },
  );

  it('E-29 aborts what is drained and what is not', async () => {
    const fixture = new Fixture({ batchSize: 512, lingerMs: NO_LINGER_OVER });
    const errors: Error[] = [];
    const callback = (_: unknown, error: Error | null) => void errors.push(error!);
    const futures = Array.from({ length: 100 }, () => fixture.append({ value: bytes(20), callback }));
    expect(flat(fixture.drainAll())).toHaveLength(1);

    fixture.accumulator.abortIncompleteBatches(() => new KafkaError('over'));

    expect(errors.map(({ message }) => message)).toEqual(Array.from({ length: 100 }, () => 'over'));
    expect(await stateOf(futures[99]!)).toBeInstanceOf(KafkaError);
    expect(fixture.accumulator.incomplete.size).toBe(0);
    expect(fixture.accumulator.hasUndrained()).toBe(false);
    expect(fixture.accumulator.pool.availableMemory).toBe(33_554_432);
  });

  it('E-30 can abort only what was not drained', () => {
    const fixture = new Fixture({ batchSize: 512, lingerMs: NO_LINGER_OVER });
    let aborted = 0;
    for (let record = 0; record < 100; record++)
      fixture.append({ value: bytes(20), callback: () => aborted++ });
    const drained = flat(fixture.drainAll());

    fixture.accumulator.abortUndrainedBatches(new TimeoutError('over'));

    expect(aborted + drained[0]!.recordCount).toBe(100);
    expect(drained[0]!.isDone).toBe(false);
    expect(fixture.accumulator.incomplete.size).toBe(1);
  });
});
