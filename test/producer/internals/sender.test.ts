import {
  InvalidRecordError,
  KafkaError,
  NetworkError,
  RecordTooLargeError,
  TimeoutError,
  TopicAuthorizationError,
} from '../../../src/protocol/errors';
import { bytes, Fixture, learnThatRecordsCompressWell, stateOf, TOPIC } from '../support/fixture';

const NOT_LEADER_OR_FOLLOWER = 6;
const MESSAGE_TOO_LARGE = 10;
const NOT_ENOUGH_REPLICAS = 19;
const TOPIC_AUTHORIZATION_FAILED = 29;
const INVALID_RECORD = 87;

describe('Sender', () => {
  it('H-01 sends a batch, and completes it with the offset of the answer', async () => {
    const fixture = new Fixture();
    const future = fixture.append();
    await fixture.step();
    expect(fixture.engine.sender.inFlightTo(0)).toBe(1);

    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.step();

    expect(fixture.engine.sender.inFlightTo(0)).toBe(0);
    expect(fixture.engine.sender.isIdle).toBe(true);
    expect((await future.get()).offset).toBe(0n);
    expect(fixture.accumulator.pool.availableMemory).toBe(33_554_432);
  });

  it('H-02 sends again after a broken connection, and gives up after `retries` more', async () => {
    const fixture = new Fixture({ retries: 1, deliveryTimeoutMs: 120_000 });
    const first = fixture.append();
    await fixture.step();
    fixture.network.open[0]!.disconnect();
    await fixture.step();
    fixture.clock.advance(120);
    await fixture.step();
    fixture.network.open[0]!.answer({ baseOffset: 3n });
    await fixture.step();
    expect((await first.get()).offset).toBe(3n);

    const second = fixture.append();
    await fixture.step();
    for (let attempt = 0; attempt < 2; attempt++) {
      fixture.network.open[0]!.disconnect();
      await fixture.step();
      fixture.clock.advance(1000);
      await fixture.step();
    }
    expect(await stateOf(second)).toBeInstanceOf(NetworkError);
    expect(fixture.network.open).toHaveLength(0);
  });

  it('H-03 fails at once what trying again cannot mend', async () => {
    const fixture = new Fixture();
    const future = fixture.append();
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: TOPIC_AUTHORIZATION_FAILED });
    await fixture.steps(2);

    expect(await stateOf(future)).toBeInstanceOf(TopicAuthorizationError);
    expect(fixture.network.requests).toHaveLength(1);
  });

  it.each([
    ['in time, retriable, attempts left', NOT_ENOUGH_REPLICAS, 0, 1, true],
    ['no attempts left', NOT_ENOUGH_REPLICAS, 0, 0, false],
    ['past delivery.timeout.ms', NOT_ENOUGH_REPLICAS, 1500, 1, false],
    ['not retriable', INVALID_RECORD, 0, 1, false],
  ])('H-04 H-10 retries or not: %s', async (_, errorCode, lateMs, retries, isRetried) => {
    const fixture = new Fixture({ retries, deliveryTimeoutMs: 1500 });
    fixture.append();
    await fixture.step();
    fixture.clock.advance(lateMs);
    fixture.network.open[0]!.answer({ errorCode });
    await fixture.step();
    expect(fixture.accumulator.hasUndrained()).toBe(isRetried);
  });

  it('H-05 sends nothing more to a partition with one in flight allowed, though its leader moves', async () => {
    const fixture = new Fixture({ maxInFlightRequests: 1, topology: { leaders: { [TOPIC]: [0, 1] } } });
    fixture.append();
    await fixture.step();
    fixture.clock.advance(900);
    fixture.append();

    fixture.network.topology = { leaders: { [TOPIC]: [1, 1] }, leaderEpoch: 101 };
    fixture.learn();
    await fixture.step();
    expect(fixture.network.requests).toHaveLength(1);

    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.step();
    expect(fixture.network.requests.map(({ node }) => node)).toEqual([0, 1]);
  });

  it('H-06 makes one request of all batches for a node', async () => {
    const fixture = new Fixture({ topology: { leaders: { [TOPIC]: [0, 1, 0] } } });
    [0, 1, 2].forEach((partition) => fixture.append({ partition }));
    await fixture.step();

    const sent = fixture.network.requests.map(({ node, batches }) => [
      node,
      batches.map((batch) => batch.partition),
    ]);
    expect(sent).toEqual([
      [0, [0, 2]],
      [1, [1]],
    ]);
  });

  it('H-07 H-10 expires a batch in flight though its answer is here already', async () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 1500 });
    const future = fixture.append();
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: NOT_ENOUGH_REPLICAS });
    fixture.clock.advance(1500);
    await fixture.step();

    expect(await stateOf(future)).toBeInstanceOf(TimeoutError);
    expect(fixture.accumulator.hasUndrained()).toBe(false);
  });

  it('H-08 expires batches of several partitions in one step', async () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 1500, topology: { leaders: { [TOPIC]: [0, 0] } } });
    fixture.network.notReady.add(0);
    const futures = [0, 1].map((partition) => fixture.append({ partition }));
    fixture.clock.advance(1500);
    await fixture.step();
    for (const future of futures) expect(await stateOf(future)).toBeInstanceOf(TimeoutError);
  });

  it('H-09 keeps the order when the first batch expires: the second goes only after the answer', async () => {
    const fixture = new Fixture({ maxInFlightRequests: 1, deliveryTimeoutMs: 1500 });
    const first = fixture.append();
    await fixture.step();
    fixture.clock.advance(1000);
    const second = fixture.append();
    fixture.clock.advance(500);
    await fixture.step();
    expect(await stateOf(first)).toBeInstanceOf(TimeoutError);
    expect(fixture.network.requests).toHaveLength(1);

    fixture.network.open[0]!.disconnect();
    await fixture.step();
    expect(fixture.network.requests).toHaveLength(2);
    fixture.network.open[0]!.answer({ baseOffset: 9n });
    await fixture.step();
    expect((await second.get()).offset).toBe(9n);
  });

  it('H-11 does not split a batch that has expired', async () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 1500 });
    const futures = [fixture.append(), fixture.append()];
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: MESSAGE_TOO_LARGE });
    fixture.clock.advance(1500);
    await fixture.steps(2);

    expect(futures.every((future) => future.isDone())).toBe(true);
    expect(fixture.network.requests).toHaveLength(1);
    expect(fixture.accumulator.hasUndrained()).toBe(false);
  });

  it('H-12 H-13 asks to be called again at once after sending, then when the next batch expires', async () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 1500, lingerMs: 0 });
    fixture.append();
    expect(await fixture.step()).toBe(0);
    expect(await fixture.step()).toBe(1500);
    fixture.clock.advance(400);
    expect(await fixture.step()).toBe(1100);
  });

  it('H-13 asks to be called again when linger.ms is over', async () => {
    const fixture = new Fixture({ lingerMs: 20, deliveryTimeoutMs: 1500 });
    fixture.append();
    expect(await fixture.step()).toBe(20);
  });

  it('H-14 gives each invalid record its own error, and the others one that says why they failed too', async () => {
    const fixture = new Fixture();
    const futures = [0, 1, 2, 3, 4].map(() => fixture.append());
    await fixture.step();
    fixture.network.open[0]!.answer({
      errorCode: INVALID_RECORD,
      recordErrors: [
        { batchIndex: 0, message: '0' },
        { batchIndex: 2, message: '2' },
        { batchIndex: 3, message: null },
      ],
    });
    await fixture.step();

    const errors = (await Promise.all(futures.map(stateOf))) as Error[];
    expect([0, 2, 3].every((at) => errors[at] instanceof InvalidRecordError)).toBe(true);
    expect([errors[0]!.message, errors[2]!.message]).toEqual(['0', '2']);
    expect(errors[3]!.message).toContain('INVALID_RECORD');
    expect([1, 4].map((at) => errors[at]!.constructor)).toEqual([KafkaError, KafkaError]);
  });

  it("H-15 keeps the partition's error class for a single record error", async () => {
    const fixture = new Fixture();
    const future = fixture.append();
    await fixture.step();
    const recordErrors = [{ batchIndex: 0, message: 'no key' }];
    fixture.network.open[0]!.answer({ errorCode: TOPIC_AUTHORIZATION_FAILED, recordErrors });
    await fixture.step();
    expect(await stateOf(future)).toBeInstanceOf(TopicAuthorizationError);
    expect(((await stateOf(future)) as Error).message).toContain('no key');
  });

  it.each([
    [null, 'the broker refused a record'],
    ['testCustomErrorMessage', 'testCustomErrorMessage'],
  ])("H-16 prefers the broker's own message (%s) to the default", async (errorMessage, shown) => {
    const fixture = new Fixture();
    const future = fixture.append();
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: INVALID_RECORD, errorMessage });
    await fixture.step();
    expect(((await stateOf(future)) as Error).message).toContain(shown);
  });

  it.each([
    ['NOT_LEADER_OR_FOLLOWER', NOT_LEADER_OR_FOLLOWER],
    ['UNKNOWN_TOPIC_OR_PARTITION', 3],
    ['NETWORK_EXCEPTION', 13],
  ])('H-17 asks for new metadata after %s', async (_, errorCode) => {
    const fixture = new Fixture();
    fixture.append();
    await fixture.step();
    expect(fixture.engine.metadata.updateRequested).toBe(false);
    fixture.network.open[0]!.answer({ errorCode });
    await fixture.step();
    fixture.clock.advance(100);
    await fixture.step();
    expect(fixture.network.metadataRequests.length).toBeGreaterThan(0);
  });

  it('sends to the new leader once it knows where that is', async () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 120_000 });
    const future = fixture.append();
    await fixture.step();
    fixture.network.topology = { leaders: { [TOPIC]: [1] }, leaderEpoch: 101 };
    fixture.clock.advance(100);
    fixture.network.open[0]!.answer({ errorCode: NOT_LEADER_OR_FOLLOWER });
    await fixture.steps(3);
    expect(fixture.network.open.map(({ node }) => node)).toEqual([1]);
    fixture.network.open[0]!.answer({ baseOffset: 1n });
    await fixture.step();
    expect((await future.get()).offset).toBe(1n);
  });

  it('H-18 completes a record without an offset with acks=0', async () => {
    const fixture = new Fixture({ acks: 0 });
    const future = fixture.append();
    await fixture.step();
    fixture.network.open[0]!.answer({ baseOffset: -1n });
    await fixture.step();
    const metadata = await future.get();
    expect(metadata.offset).toBe(-1n);
    expect(metadata.hasOffset()).toBe(false);
  });

  it('H-19 forgets a topic that is not used, and knows it again when it is', () => {
    const fixture = new Fixture({ metadataMaxIdleMs: 60_000 });
    const { metadata } = fixture.engine;
    fixture.clock.advance(60_000);
    metadata.update({ brokers: [], topics: [] }, fixture.clock.now());
    expect(metadata.topics).toEqual([]);
    expect(metadata.partitionCount(TOPIC)).toBe(0);

    fixture.learn();
    expect(metadata.partitionCount(TOPIC)).toBe(1);
  });

  it('never has more requests under way to a node than allowed', async () => {
    const fixture = new Fixture({ maxInFlightRequests: 2, batchSize: 1 });
    for (let record = 0; record < 5; record++) fixture.append({ value: bytes(50) });
    await fixture.steps(5);
    expect(fixture.network.open).toHaveLength(2);
    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.step();
    expect(fixture.network.open).toHaveLength(2);
    expect(fixture.network.requests).toHaveLength(3);
  });

  it('uses log append time where the topic has it', async () => {
    const fixture = new Fixture();
    const future = fixture.append();
    await fixture.step();
    fixture.network.open[0]!.answer({ baseOffset: 0n, logAppendTimeMs: 42 });
    await fixture.step();
    expect((await future.get()).timestamp).toBe(42);
  });
});

describe('Splitting', () => {
  it('J-01 fails a single record that is too large', async () => {
    const fixture = new Fixture();
    const future = fixture.append();
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: MESSAGE_TOO_LARGE });
    await fixture.step();
    expect(await stateOf(future)).toBeInstanceOf(RecordTooLargeError);
  });

  it('J-02 J-03 J-08 K-08 sends a batch that is too large in pieces, in order, from outside the pool', async () => {
    const fixture = new Fixture({ batchSize: 4096, compressionType: 'gzip', deliveryTimeoutMs: 60_000 });
    await learnThatRecordsCompressWell(fixture);
    const futures = [0, 1, 2].map((at) => fixture.append({ value: bytes(1900), key: String(at) }));
    await fixture.step();
    expect(fixture.network.open[0]!.batches[0]!.recordCount).toBe(3);
    fixture.network.open[0]!.answer({ errorCode: MESSAGE_TOO_LARGE });
    await fixture.step();
    expect(fixture.accumulator.pool.availableMemory).toBe(33_554_432);

    const pieces: number[] = [];
    for (let offset = 0n; fixture.network.open.length > 0; await fixture.step()) {
      const [open] = fixture.network.open;
      pieces.push(open!.batches[0]!.recordCount);
      open!.answer({ baseOffset: offset });
      offset += BigInt(open!.batches[0]!.recordCount);
    }
    expect(pieces).toEqual([2, 1]);
    expect(await Promise.all(futures.map(async (future) => (await future.get()).offset))).toEqual([
      0n,
      1n,
      2n,
    ]);
    const split = fixture.engine.metrics.snapshot().filter(({ name }) => name.startsWith('batch-split'));
    expect(split.every(({ value }) => value > 0)).toBe(true);

    fixture.clock.advance(60_000);
    await fixture.step();
    expect(fixture.accumulator.incomplete.size).toBe(0);
  });
});
