import { useKafka, withTopic } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { judgeBatches } from '../../../src/lab/experiments/chosen-batches';
import { refuseSecondBatch } from '../../../src/lab/experiments/reordering';
import { demonstrateTransactions } from '../../../src/lab/experiments/transactions';

let kafka: CourseKafka;
beforeAll(async () => {
  kafka = await useKafka();
});
afterAll(() => kafka.stop());

const single = (baseSequence: number, epoch = 0) => ({ baseSequence, records: 1, epoch });

test('the broker knows the last five batches again, and no sixth', async () => {
  await withTopic(kafka, { name: 'chosen', partitions: 1 }, async (topic) => {
    const six = [0, 1, 2, 3, 4, 5].map((sequence) => single(sequence));
    const judged = await judgeBatches(kafka, topic, [...six, single(1), single(0)]);
    expect(judged.map(({ answer }) => answer)).toEqual([
      ...six.map(() => 'appended'),
      'duplicate',
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
    ]);
    expect(judged[6]!.baseOffset).toBe(1n);
    expect(judged[7]!.baseOffset).toBeNull();
  });
});

test('an older epoch is refused', async () => {
  await withTopic(kafka, { name: 'chosen', partitions: 1 }, async (topic) => {
    const judged = await judgeBatches(kafka, topic, [single(0), single(0, 1), single(1)]);
    expect(judged.map(({ answer }) => answer)).toEqual(['appended', 'appended', 'INVALID_PRODUCER_EPOCH']);
  });
});

test.each([
  ['out of order without idempotence and with five in flight', { idempotence: false }, false],
  ['in order with idempotence', { idempotence: true }, true],
  ['in order with one in flight', { idempotence: false, maxInFlight: 1 }, true],
])('a batch that is refused once leaves the log %s', async (_, options, inOrder) => {
  const audit = await refuseSecondBatch(kafka, options);
  expect(audit).toMatchObject({ acknowledged: 40, inLog: 40, missing: [], doubled: [], inOrder });
});

test('an aborted transaction is in the log of each of its partitions, and only those see it who ask for it', async () => {
  const report = await demonstrateTransactions(kafka);
  expect(report.readCommitted).toEqual(['credit paid', 'debit paid']);
  expect(report.readUncommitted).toEqual([
    'credit cancelled',
    'credit paid',
    'debit cancelled',
    'debit paid',
  ]);
  for (const log of report.logs) {
    expect(log.filter(({ isControl }) => isControl)).toHaveLength(2);
    expect(log.filter(({ isTransactional, isControl }) => isTransactional && !isControl)).toHaveLength(2);
  }
});
