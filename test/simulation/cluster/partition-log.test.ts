import { SimulatedPartitionLog } from '../../../src/simulation/simulated-partition-log';
import { topicSettings } from '../../../src/simulation/topic-settings';
import { ManualClock } from '../../../src/support/clock';
import { batchBytes, START_MS } from './support/fixture';
import type { BatchSpec } from './support/fixture';

const MAX_SEQUENCE = 2_147_483_647;
const DAY_MS = 86_400_000;

function partitionLog(config: Record<string, string> = {}) {
  const clock = new ManualClock(START_MS);
  const settings = topicSettings(config);
  const log = new SimulatedPartitionLog({ clock, topicPartition: 'orders-0', settings: () => settings });
  const append = (batch: BatchSpec | Buffer) =>
    log.appendAsLeader(Buffer.from(Buffer.isBuffer(batch) ? batch : batchBytes(batch)), 0);
  /** The base offset, or the error code where it was refused. */
  const outcome = (batch: BatchSpec | Buffer): bigint | number => {
    const { errorCode, baseOffset } = append(batch);
    return errorCode === 0 ? BigInt(baseOffset) : errorCode;
  };
  return { clock, log, append, outcome };
}

function values(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `value ${index}`);
}

describe('SimulatedPartitionLog responds as the broker was seen to', () => {
  type Step = [baseSequence: number, recordCount: number, epoch: number, expected: bigint | number];
  const cases: Record<string, Step[]> = {
    'a duplicate gets the offset of the original': [
      [0, 2, 0, 0n],
      [2, 3, 0, 2n],
      [2, 3, 0, 2n],
    ],
    'the sixth batch back is forgotten': [0, 1, 2, 3, 4, 5]
      .map((sequence): Step => [sequence, 1, 0, BigInt(sequence)])
      .concat([
        [0, 1, 0, 45],
        [1, 1, 0, 1n],
      ]),
    'a gap is out of order, and changes nothing': [
      [0, 1, 0, 0n],
      [5, 1, 0, 45],
      [1, 1, 0, 1n],
    ],
    'an unknown producer id may begin anywhere': [
      [7, 1, 3, 0n],
      [8, 1, 3, 1n],
      [3, 1, 3, 45],
    ],
    'a duplicate has to match first and last sequence': [
      [0, 4, 0, 0n],
      [2, 4, 0, 45],
      [0, 2, 0, 45],
      [2, 2, 0, 45],
    ],
    'a new epoch begins at 0 and ends the old one': [
      [0, 1, 0, 0n],
      [0, 1, 1, 1n],
      [2, 1, 1, 45],
      [0, 1, 0, 47],
      [1, 1, 2, 45],
    ],
    'sequences go on at 0 behind the largest int': [
      [MAX_SEQUENCE - 1, 1, 0, 0n],
      [MAX_SEQUENCE, 1, 0, 1n],
      [0, 1, 0, 2n],
    ],
    'also within a batch, which is known again as a duplicate': [
      [MAX_SEQUENCE - 1, 4, 0, 0n],
      [MAX_SEQUENCE - 1, 4, 0, 0n],
      [2, 1, 0, 4n],
    ],
  };

  it.each(Object.entries(cases))('%s', (_title, steps) => {
    const { outcome } = partitionLog();
    const outcomes = steps.map(([sequence, count, epoch]) =>
      outcome({ sequence, values: values(count), epoch }),
    );
    expect(outcomes).toEqual(steps.map(([, , , expected]) => expected));
  });
});

describe('SimulatedPartitionLog', () => {
  it('takes every batch without a producer id', () => {
    const { outcome, log } = partitionLog();
    expect([outcome({}), outcome({})]).toEqual([0n, 1n]);
    expect(log.endOffset).toBe(2);
  });

  it('stores the leader epoch, and the offset in place of the 0 that was sent, outside the checksum', () => {
    const { log } = partitionLog();
    log.appendAsLeader(Buffer.from(batchBytes({ values: values(3) })), 0);
    log.appendAsLeader(Buffer.from(batchBytes()), 7);
    const [, second] = log.batches;
    expect([second!.bytes.readBigInt64BE(0), second!.bytes.readInt32BE(12)]).toEqual([3n, 7]);
    expect(second!.bytes.subarray(16).equals(batchBytes().subarray(16))).toBe(true);
  });

  it('names each record of a compacted topic that has no key, and writes none of the batch', () => {
    const { append, log } = partitionLog({ 'cleanup.policy': 'compact' });
    const refused = append({ values: values(2) });
    expect(refused.errorCode).toBe(87);
    expect(refused.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 1]);
    expect(append({ key: 'key' }).errorCode).toBe(0);
    expect(log.endOffset).toBe(1);
  });

  it('puts its own time in the place of the records’, and tells it, with LogAppendTime', () => {
    const { append, log, clock } = partitionLog({ 'message.timestamp.type': 'LogAppendTime' });
    clock.advance(5);
    expect(append({ timestamp: 1 }).logAppendTimeMs).toBe(START_MS + 5);
    expect(log.batches[0]!.records[0]!.timestamp).toBe(START_MS + 5);
  });

  it('tells the largest timestamp of the original with a duplicate, as Kafka does with CreateTime, too', () => {
    const { append } = partitionLog();
    expect(append({ sequence: 0, timestamp: START_MS - 7 }).logAppendTimeMs).toBe(-1);
    expect(append({ sequence: 0, timestamp: START_MS - 7 })).toMatchObject({
      duplicate: true,
      logAppendTimeMs: START_MS - 7,
    });
  });

  it('takes timestamps up to an hour ahead, Kafka’s default, and any that are older', () => {
    const { outcome } = partitionLog();
    expect(outcome({ timestamp: START_MS + 3_600_000 })).toBe(0n);
    expect(outcome({ timestamp: START_MS + 3_600_001 })).toBe(32);
    expect(outcome({ timestamp: 0 })).toBe(1n);
  });

  it('forgets a producer id a day after its last record, at the next of the checks that come every ten minutes', () => {
    const { outcome, clock } = partitionLog();
    expect(outcome({ sequence: 0 })).toBe(0n);
    clock.advance(DAY_MS - 1);
    expect(outcome({ sequence: 9, timestamp: START_MS + DAY_MS - 1 })).toBe(45);
    clock.advance(1);
    expect(outcome({ sequence: 9, timestamp: START_MS + DAY_MS })).toBe(1n);
  });

  it('remembers, once it is cut back, only what is still in it, and nothing that it had been made to forget', () => {
    const { outcome, log } = partitionLog();
    expect([outcome({ sequence: 0 }), outcome({ sequence: 0, producerId: 8n })]).toEqual([0n, 1n]);
    log.forgetProducerIds(8n);
    expect([outcome({ sequence: 1 }), outcome({ sequence: 2 })]).toEqual([2n, 3n]);
    expect(log.truncateTo(3)).toHaveLength(1);
    expect([outcome({ sequence: 2, values: ['other'] }), outcome({ sequence: 5, producerId: 8n })]).toEqual([
      3n,
      4n,
    ]);
  });

  it('knows no topic config that Kafka does not have', () => {
    expect(() => topicSettings({ 'max.mesage.bytes': '1' })).toThrow(
      /does not know the topic config max\.mesage\.bytes/,
    );
    expect(() => topicSettings({ 'cleanup.policy': 'compact', 'max.message.bytes': 'ten' })).toThrow(
      /not ten/,
    );
    expect(topicSettings({ 'retention.ms': '-1' }).compact).toBe(false);
  });
});
