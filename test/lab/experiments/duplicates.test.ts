import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { auditDelivery } from '../../../src/lab/log/delivery-audit';
import type { LoggedRecord } from '../../../src/lab/log/delivery-audit';
import {
  demonstrateDuplicates,
  duplicateLogTable,
  duplicatesTable,
  loseAcknowledgement,
} from '../../../src/lab/experiments/duplicates';
import { seeds } from '../../support/seeds';

describe('a lost acknowledgement', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await useKafka();
  });
  afterAll(() => kafka.stop());

  it.each(seeds())('doubles records without idempotence, and loses none (seed %d)', async (seed) => {
    const report = await loseAcknowledgement(kafka, { idempotence: false, seed });
    expect(report).toMatchObject({ sent: 40, acknowledged: 40, missing: [], seed });
    expect(report.doubled.length).toBeGreaterThan(0);
    const lost = report.lostBatches.reduce((sum, { records }) => sum + records, 0);
    expect(report.doubled.length).toBeGreaterThanOrEqual(lost);
    expect(report.inLog).toBe(40 + report.doubled.length);
    expect(report.log.every(({ producerId, sequence }) => producerId === -1n && sequence === -1)).toBe(true);
  });

  it.each(seeds())('doubles nothing with idempotence, and keeps the order (seed %d)', async (seed) => {
    const report = await loseAcknowledgement(kafka, { idempotence: true, seed });
    expect(report).toMatchObject({ acknowledged: 40, inLog: 40, doubled: [], missing: [], inOrder: true });
    // It was sent again all the same: the broker dropped it.
    expect(report.produceRequests).toBeGreaterThan(report.log.length / 5);
    expect(report.log.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(new Set(report.log.map(({ producerId }) => producerId)).size).toBe(1);
  });

  it('is reported for both producers side by side, kafkajs’s as it is', async () => {
    const reports = await demonstrateDuplicates(kafka, { seed: 3 });
    expect(reports.map(({ producer, idempotence }) => `${producer} ${idempotence}`)).toEqual([
      'course false',
      'course true',
      'kafkajs false',
      'kafkajs true',
    ]);
    const [, , plain, idempotent] = reports;
    expect(plain!.doubled.length).toBeGreaterThan(0);
    // kafkajs 2.2.4 takes sequences back for all concurrent sends when one fails: records that the broker takes for
    // duplicates are acknowledged and missing, others are written twice.
    expect(idempotent!.acknowledged).toBe(40);
    expect(idempotent!.missing.length + idempotent!.doubled.length).toBeGreaterThan(0);
    const table = duplicatesTable(reports).split('\n');
    expect(table).toHaveLength(5);
    expect(duplicateLogTable(plain!)).toContain('again, first at');
  });

  it('needs enough records for one batch before and one behind it', async () => {
    await expect(loseAcknowledgement(kafka, { idempotence: true, records: 3 })).rejects.toThrow(
      'records must be a whole number from 10 on, not 3.',
    );
  });
});

describe('the audit of a delivery', () => {
  const logged = (id: string, offset: number): LoggedRecord => ({
    id,
    partition: 0,
    offset: BigInt(offset),
    producerId: -1n,
    producerEpoch: -1,
    sequence: -1,
  });
  const sent = (id: string, error: string | null = null) => ({ id, partition: 0, error });

  it('finds what is doubled, missing, refused, and out of order', () => {
    const audit = auditDelivery(
      [sent('a'), sent('b'), sent('c', 'TimeoutError'), sent('d')],
      [logged('b', 0), logged('a', 1), logged('b', 2)],
    );
    expect(audit).toMatchObject({
      sent: 4,
      acknowledged: 3,
      refused: 1,
      inLog: 3,
      missing: ['d'],
      inOrder: false,
    });
    expect(audit.doubled).toMatchObject([{ id: 'b', places: [{ offset: 0n }, { offset: 2n }] }]);
  });

  it('takes the order from first appearances: a late double does not count', () => {
    expect(
      auditDelivery([sent('a'), sent('b')], [logged('a', 0), logged('b', 1), logged('a', 2)]).inOrder,
    ).toBe(true);
  });
});
