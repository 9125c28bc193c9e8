import {
  ClusterAuthorizationError,
  InvalidRecordError,
  KafkaError,
  TimeoutError,
} from '../../../src/protocol/errors';
import {
  compareSequences,
  decrementSequence,
  incrementSequence,
} from '../../../src/protocol/sequence-numbers';
import type { ProducerStamp, SequenceStamper } from '../../../src/producer/producer-parts';
import { bytes, Fixture, learnThatRecordsCompressWell, stateOf, TOPIC } from '../support/fixture';
import type { FixtureOptions } from '../support/fixture';

const MAX = 2_147_483_647;
const NOT_LEADER_OR_FOLLOWER = 6;
const MESSAGE_TOO_LARGE = 10;
const CLUSTER_AUTHORIZATION_FAILED = 31;
const UNSUPPORTED_VERSION = 35;
const UNSUPPORTED_FOR_MESSAGE_FORMAT = 43;
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const DUPLICATE_SEQUENCE_NUMBER = 46;
const INVALID_RECORD = 87;

/** Every record is a batch of its own. */
async function idempotent(options: FixtureOptions = {}): Promise<Fixture> {
  const fixture = new Fixture({
    enableIdempotence: true,
    batchSize: 1,
    deliveryTimeoutMs: 120_000,
    ...options,
  });
  return fixture.withProducerId();
}

function sent(fixture: Fixture): string[] {
  return fixture.network.requests.map(({ batches }) =>
    batches.map((batch) => `${batch.producerId}/${batch.producerEpoch}/${batch.baseSequence}`).join(),
  );
}

async function appendAndSend(fixture: Fixture, count: number) {
  const futures = [];
  for (let record = 0; record < count; record++) {
    futures.push(fixture.append({ value: bytes(50) }));
    await fixture.step();
  }
  return futures;
}

describe('Sequence numbers', () => {
  it('I-02 start again at 0 behind 2147483647', () => {
    expect(incrementSequence(MAX, 100)).toBe(99);
    expect(incrementSequence(incrementSequence(MAX, 100), MAX)).toBe(98);
    expect(incrementSequence(MAX, 1)).toBe(0);
    expect(incrementSequence(MAX - 5, 10)).toBe(4);
    expect(incrementSequence(5, 5)).toBe(10);
  });

  it('I-03 go back the same way', () => {
    expect(decrementSequence(5, 5)).toBe(0);
    expect(decrementSequence(0, 1)).toBe(MAX);
  });

  it('have their order across the end', () => {
    expect(compareSequences(MAX, 0)).toBeLessThan(0);
    expect(compareSequences(0, MAX)).toBeGreaterThan(0);
    expect(compareSequences(3, 7)).toBeLessThan(0);
  });
});

describe('Idempotence', () => {
  it('asks for a producer id before the first batch goes out', async () => {
    const fixture = new Fixture({ enableIdempotence: true });
    fixture.append();
    await fixture.step();
    expect(fixture.network.requests).toHaveLength(0);
    await fixture.step();
    expect(sent(fixture)).toEqual(['4000/0/0']);
  });

  it('I-01 counts records from 0, for each partition on its own', async () => {
    const fixture = await idempotent({ batchSize: 16_384, topology: { leaders: { [TOPIC]: [0, 0] } } });
    for (let record = 0; record < 3; record++) fixture.append({ partition: 0 });
    await fixture.step();
    fixture.append({ partition: 0 });
    fixture.append({ partition: 1 });
    await fixture.step();
    expect(sent(fixture)).toEqual(['4000/0/0', '4000/0/0,4000/0/3']);
    const sequences = fixture.engine.idempotence!.sequencesOf(TOPIC, 0);
    expect(sequences.nextSequence).toBe(4);

    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.step();
    expect(sequences.lastAckedSequence).toBe(2);
  });

  it('I-04 has several batches of a partition in flight and takes their answers in order', async () => {
    const fixture = await idempotent();
    const futures = await appendAndSend(fixture, 2);
    expect(fixture.network.open).toHaveLength(2);
    for (let at = 0; at < 2; at++) {
      fixture.network.open[0]!.answer({ baseOffset: BigInt(at) });
      await fixture.step();
      expect(fixture.engine.idempotence!.sequencesOf(TOPIC, 0).lastAckedSequence).toBe(at);
      expect((await futures[at]!.get()).offset).toBe(BigInt(at));
    }
  });

  it('I-05 I-09 sends again in order, one at a time and with the same numbers, while new batches wait', async () => {
    const fixture = await idempotent();
    const futures = await appendAndSend(fixture, 3);
    fixture.network.open[0]!.answer({ errorCode: NOT_LEADER_OR_FOLLOWER });
    fixture.network.open[0]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    fixture.network.open[0]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    futures.push(fixture.append({ value: bytes(50) }));
    fixture.clock.advance(1000);

    let offset = 0n;
    for (let at = 0; at < 4; at++) {
      await fixture.step();
      expect(fixture.network.open).toHaveLength(1);
      fixture.network.open[0]!.answer({ baseOffset: offset++ });
    }
    await fixture.step();

    expect(sent(fixture).slice(3)).toEqual(['4000/0/0', '4000/0/1', '4000/0/2', '4000/0/3']);
    const offsets = await Promise.all(futures.map(async (future) => (await future.get()).offset));
    expect(offsets).toEqual([0n, 1n, 2n, 3n]);
  });

  it('I-06 puts batches back in order though their answers come in reverse', async () => {
    const fixture = await idempotent();
    await appendAndSend(fixture, 2);
    fixture.network.open[1]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: NOT_LEADER_OR_FOLLOWER });
    await fixture.step();
    expect(fixture.accumulator.batchesOf(TOPIC, 0).map(({ baseSequence }) => baseSequence)).toEqual([0, 1]);
  });

  it('I-07 takes a duplicate for a success without an offset', async () => {
    const fixture = await idempotent();
    const [first, second] = await appendAndSend(fixture, 2);
    fixture.network.open[1]!.answer({ baseOffset: 1000n });
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: DUPLICATE_SEQUENCE_NUMBER });
    await fixture.step();

    expect((await second!.get()).offset).toBe(1000n);
    const metadata = await first!.get();
    expect(metadata.hasOffset()).toBe(false);
    expect(metadata.offset).toBe(-1n);
    expect(fixture.engine.idempotence!.sequencesOf(TOPIC, 0).lastAckedSequence).toBe(1);
  });

  it('I-08 begins a new epoch when a batch fails that was never written, and retries the ones behind it from 0', async () => {
    const fixture = await idempotent();
    const [first, second, third] = await appendAndSend(fixture, 3);
    fixture.network.open[0]!.answer({ errorCode: INVALID_RECORD });
    fixture.network.open[0]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    expect(await stateOf(first!)).toBeInstanceOf(InvalidRecordError);
    fixture.clock.advance(1000);
    await fixture.step();
    // The third one's request is still under way: no number changes before its response.
    expect(sent(fixture)).toEqual(['4000/0/0', '4000/0/1', '4000/0/2']);

    fixture.network.open[0]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    fixture.clock.advance(1000);
    for (const offset of [0n, 1n]) {
      await fixture.step();
      expect(fixture.network.open).toHaveLength(1);
      fixture.network.open[0]!.answer({ baseOffset: offset });
    }
    await fixture.step();
    expect(sent(fixture).slice(3)).toEqual(['4000/1/0', '4000/1/1']);
    expect((await second!.get()).offset).toBe(0n);
    expect((await third!.get()).offset).toBe(1n);
  });

  it('sends a batch before the gap with its old numbers first, since the broker may have it', async () => {
    const fixture = await idempotent();
    const [first, second, third] = await appendAndSend(fixture, 3);
    const [one, two, three] = fixture.network.open;
    one!.disconnect();
    two!.answer({ errorCode: INVALID_RECORD });
    three!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    expect(await stateOf(second!)).toBeInstanceOf(InvalidRecordError);
    fixture.clock.advance(1000);
    await fixture.step();
    expect(sent(fixture).slice(3)).toEqual(['4000/0/0']);

    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.steps(2);
    fixture.network.open[0]!.answer({ baseOffset: 1n });
    await fixture.step();
    expect(sent(fixture).slice(4)).toEqual(['4000/1/0']);
    expect((await first!.get()).offset).toBe(0n);
    expect((await third!.get()).offset).toBe(1n);
  });

  it('has one batch of a partition in flight until the broker knows its producer id, also after a day without one', async () => {
    const fixture = new Fixture({ enableIdempotence: true, batchSize: 1, deliveryTimeoutMs: 120_000 });
    fixture.engine.idempotence!.setProducerId(4000n, 0);
    await appendAndSend(fixture, 3);
    expect(sent(fixture)).toEqual(['4000/0/0']);
    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.steps(3);
    expect(sent(fixture)).toEqual(['4000/0/0', '4000/0/1', '4000/0/2']);
    fixture.network.open[0]!.answer({ baseOffset: 1n });
    fixture.network.open[0]!.answer({ baseOffset: 2n });
    await fixture.step();

    fixture.clock.advance(24 * 60 * 60 * 1000);
    fixture.learn();
    await appendAndSend(fixture, 2);
    expect(sent(fixture).slice(3)).toEqual(['4000/0/3']);
  });

  it('has at most five batches of a partition in flight: the broker recognises no more of them', async () => {
    const fixture = await idempotent({ topology: { leaders: { [TOPIC]: [0] } } });
    await appendAndSend(fixture, 5);
    fixture.network.topology.leaders[TOPIC] = [1];
    fixture.network.topology.leaderEpoch = 101;
    fixture.learn();
    await appendAndSend(fixture, 2);
    expect(fixture.network.requests.map(({ node }) => node)).toEqual([0, 0, 0, 0, 0]);
  });

  it('takes a batch that may be written for unresolved when it is refused, and gives no number again', async () => {
    const fixture = await idempotent();
    const [first, second] = await appendAndSend(fixture, 2);
    fixture.network.open[0]!.disconnect();
    fixture.network.open[0]!.disconnect();
    await fixture.step();
    fixture.clock.advance(1000);
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: INVALID_RECORD });
    await fixture.step();
    expect(((await stateOf(first!)) as Error).message).toMatch(/it may have been written/);
    await fixture.step();
    expect(sent(fixture).slice(2)).toEqual(['4000/0/0', '4000/0/1']);
    fixture.network.open[0]!.answer({ baseOffset: 1n });
    await fixture.step();
    expect((await second!.get()).offset).toBe(1n);
  });

  it('I-10 keeps sequences resolved when a batch expires that was never sent', async () => {
    const fixture = await idempotent({ deliveryTimeoutMs: 1500 });
    fixture.network.notReady.add(0);
    const future = fixture.append();
    fixture.clock.advance(1500);
    await fixture.step();
    expect(await stateOf(future)).toBeInstanceOf(TimeoutError);
    expect(fixture.engine.idempotence!.hasUnresolvedSequence(TOPIC, 0)).toBe(false);
  });

  it('I-11 holds new batches after one expired that had been sent, until those behind it have gone well', async () => {
    const fixture = await idempotent({ deliveryTimeoutMs: 1500 });
    const [first] = await appendAndSend(fixture, 1);
    fixture.clock.advance(500);
    const [second] = await appendAndSend(fixture, 1);
    fixture.network.open[0]!.answer({ errorCode: 19 });
    await fixture.step();
    fixture.clock.advance(1000);
    const third = fixture.append({ value: bytes(50) });
    await fixture.step();

    expect(await stateOf(first!)).toBeInstanceOf(TimeoutError);
    expect(fixture.engine.idempotence!.hasUnresolvedSequence(TOPIC, 0)).toBe(true);
    expect(fixture.network.requests).toHaveLength(2);

    fixture.network.open[0]!.answer({ baseOffset: 1n });
    await fixture.step();
    expect((await second!.get()).offset).toBe(1n);
    expect(fixture.engine.idempotence!.hasUnresolvedSequence(TOPIC, 0)).toBe(false);
    expect(sent(fixture)[2]).toBe('4000/0/2');
    expect(await stateOf(third)).toBe('open');
  });

  it('I-12 begins a new epoch when the one behind the expired batch fails', async () => {
    const fixture = await idempotent({ deliveryTimeoutMs: 1500 });
    await appendAndSend(fixture, 1);
    fixture.clock.advance(500);
    const [second] = await appendAndSend(fixture, 1);
    fixture.network.open[0]!.answer({ errorCode: 19 });
    await fixture.step();
    fixture.clock.advance(1000);
    await fixture.step();

    fixture.network.open[0]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    expect(fixture.engine.idempotence!.producerEpoch).toBe(1);
    fixture.clock.advance(200);
    await fixture.step();
    expect(sent(fixture)[2]).toBe('4000/1/0');
    expect(await stateOf(second!)).toBe('open');
  });

  it('I-13 begins a new epoch when the next expected batch is out of order, and sends it again', async () => {
    const fixture = await idempotent();
    const [future] = await appendAndSend(fixture, 1);
    fixture.network.open[0]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    expect(fixture.engine.idempotence!.producerEpoch).toBe(1);
    expect(await stateOf(future!)).toBe('open');

    fixture.clock.advance(1000);
    await fixture.step();
    expect(sent(fixture)[1]).toBe('4000/1/0');
  });

  it('begins at 0 on other partitions only once what they had in flight under the old epoch is answered', async () => {
    const fixture = await idempotent({ topology: { leaders: { [TOPIC]: [0, 0] } } });
    fixture.append({ partition: 0, value: bytes(50) });
    fixture.append({ partition: 1, value: bytes(50) });
    await fixture.step();
    fixture.append({ partition: 1, value: bytes(50) });
    await fixture.step();
    const [both] = fixture.network.open;
    both!.answer([{ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER }, { baseOffset: 0n }]);
    await fixture.step();
    fixture.append({ partition: 1, value: bytes(50) });
    await fixture.step();
    expect(sent(fixture)).toEqual(['4000/0/0,4000/0/0', '4000/0/1']);

    fixture.network.open[0]!.answer({ baseOffset: 1n });
    await fixture.step();
    expect(sent(fixture)[2]).toBe('4000/1/0');
  });

  it('I-14 asks for a new producer id when the epochs have run out', async () => {
    const fixture = await idempotent();
    fixture.engine.idempotence!.setProducerId(4000n, 32_767);
    fixture.network.producerIds.push({ errorCode: 0, producerId: 4001n, producerEpoch: 0 });
    const [future] = await appendAndSend(fixture, 1);
    fixture.network.open[0]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    fixture.clock.advance(1000);
    await fixture.steps(2);
    expect(sent(fixture)).toEqual(['4000/32767/0', '4001/0/0']);

    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.step();
    expect((await future!.get()).offset).toBe(0n);
  });

  it.each([
    ['ends the producer', UNSUPPORTED_VERSION, true],
    ['does not end the producer', UNSUPPORTED_FOR_MESSAGE_FORMAT, false],
  ])('I-15 %s with error %i', async (_, errorCode, isFatal) => {
    const fixture = await idempotent();
    const [future] = await appendAndSend(fixture, 1);
    fixture.network.open[0]!.answer({ errorCode });
    await fixture.step();
    expect(await stateOf(future!)).toBeInstanceOf(KafkaError);
    expect(fixture.engine.idempotence!.fatalError !== null).toBe(isFatal);
    const later = fixture.append({ value: bytes(50) });
    await fixture.step();
    if (isFatal) expect(await stateOf(later)).toBeInstanceOf(KafkaError);
    else expect(fixture.network.open).toHaveLength(1);
  });

  it('I-16 fails everything queued and in flight when the cluster refuses the producer', async () => {
    const fixture = await idempotent();
    const futures = await appendAndSend(fixture, 2);
    futures.push(fixture.append({ value: bytes(50) }));
    fixture.network.open[0]!.answer({ errorCode: CLUSTER_AUTHORIZATION_FAILED });
    await fixture.step();
    expect(await stateOf(futures[0]!)).toBeInstanceOf(ClusterAuthorizationError);
    for (const future of futures) expect(await stateOf(future)).toBeInstanceOf(KafkaError);
    expect(fixture.accumulator.incomplete.size).toBe(0);
  });

  it('I-17 asks again for a producer id with a backoff', async () => {
    const fixture = new Fixture({ enableIdempotence: true, deliveryTimeoutMs: 120_000, retryBackoffMs: 50 });
    const busy = { errorCode: 14, producerId: -1n, producerEpoch: -1 };
    fixture.network.producerIds.push(busy, busy);
    fixture.append();
    await fixture.steps(3);
    expect(fixture.network.producerIdRequests).toBe(1);
    fixture.clock.advance(49);
    await fixture.step();
    expect(fixture.network.producerIdRequests).toBe(1);
    fixture.clock.advance(1);
    await fixture.steps(2);
    expect(fixture.network.producerIdRequests).toBe(2);
    fixture.clock.advance(100);
    await fixture.steps(2);
    expect(sent(fixture)).toEqual(['4002/0/0']);
  });

  it('requests a producer id again, after a pause, when a response without an error has none', async () => {
    const fixture = new Fixture({ enableIdempotence: true, deliveryTimeoutMs: 120_000 });
    fixture.network.producerIds.push({ errorCode: 0, producerId: -1n, producerEpoch: -1 });
    fixture.append();
    await fixture.steps(5);
    expect(fixture.network.producerIdRequests).toBe(1);
    fixture.clock.advance(100);
    await fixture.steps(3);
    expect(sent(fixture)).toEqual(['4001/0/0']);
  });

  it('J-04 gives the pieces of a split batch the numbers of the whole', async () => {
    const fixture = await idempotent({ batchSize: 4096, compressionType: 'gzip' });
    await learnThatRecordsCompressWell(fixture);
    const { nextSequence } = fixture.engine.idempotence!.sequencesOf(TOPIC, 0);
    const before = fixture.network.requests.length;
    const futures = [0, 1, 2].map(() => fixture.append({ value: bytes(1900) }));
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: MESSAGE_TOO_LARGE });
    await fixture.step();
    for (let offset = 0n; fixture.network.open.length > 0; await fixture.step()) {
      fixture.network.open[0]!.answer({ baseOffset: offset });
      offset += 2n;
    }

    expect(sent(fixture).slice(before)).toEqual([0, 0, 2].map((behind) => `4000/0/${nextSequence + behind}`));
    expect(fixture.engine.idempotence!.sequencesOf(TOPIC, 0).nextSequence).toBe(nextSequence + 3);
    expect(await Promise.all(futures.map(async (future) => (await future.get()).offset))).toEqual([
      0n,
      1n,
      2n,
    ]);
  });

  it('stamps with a sequence tracker from outside, across a new epoch', async () => {
    class Tracker implements SequenceStamper {
      readonly #next = new Map<number, number>();
      constructor(
        readonly producerId: bigint,
        private epoch: number,
      ) {}
      stamp(partition: number, recordCount: number): ProducerStamp {
        const baseSequence = this.#next.get(partition) ?? 0;
        this.#next.set(partition, baseSequence + recordCount);
        return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
      }
      bumpEpoch(): void {
        this.epoch++;
        this.#next.clear();
      }
    }
    const fixture = await idempotent({ parts: { sequenceTracker: Tracker } });
    await appendAndSend(fixture, 2);
    fixture.network.open[0]!.answer({ errorCode: INVALID_RECORD });
    fixture.network.open[0]!.answer({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await fixture.step();
    fixture.clock.advance(1000);
    await fixture.step();
    expect(sent(fixture)).toEqual(['4000/0/0', '4000/0/1', '4000/1/0']);
  });
});
