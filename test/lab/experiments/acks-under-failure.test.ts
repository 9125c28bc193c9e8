import { startKafka, useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { acksTable, acksUnderFailure } from '../../../src/lab/experiments/acks-under-failure';
import { canFreezeBrokers } from '../../../src/lab/faults/freeze-brokers';
import { seeds } from '../../support/seeds';

describe('the leader of three replicas crashes under load', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await startKafka({ brokers: 3 });
  });
  afterAll(() => kafka.stop());

  it.each(seeds())(
    'acks=all: nothing that was acknowledged is missing, nothing is doubled (seed %d)',
    async (seed) => {
      const report = await acksUnderFailure(kafka, { acks: 'all', seed });
      expect(report).toMatchObject({ sent: 600, missing: [], doubled: [], inOrder: true });
      expect(report.acknowledged).toBe(600);
      expect(report.outageMs).not.toBeNull();
    },
  );

  it.each(seeds())(
    'acks=1: what the leader alone had is acknowledged and missing, where its followers could be halted (seed %d)',
    async (seed) => {
      const report = await acksUnderFailure(kafka, { acks: '1', seed });
      expect(report.followersHalted).toBe(canFreezeBrokers(kafka));
      if (report.followersHalted) expect(report.missing.length).toBeGreaterThan(0);
      expect(report.missing.length).toBeLessThan(600);
    },
  );

  it.each(seeds())('acks=0: records are missing, and the producer was never told (seed %d)', async (seed) => {
    const report = await acksUnderFailure(kafka, { acks: '0', seed });
    expect(report.refused).toBe(0);
    expect(report.missing.length).toBeGreaterThan(0);
    expect(acksTable([report]).split('\n')).toHaveLength(2);
  });
});

it('acks under failure needs three brokers, and says so', async () => {
  const kafka = await useKafka();
  try {
    await expect(acksUnderFailure({ ...kafka, brokers: 1 }, { acks: 'all' })).rejects.toThrow(
      'This experiment needs three brokers, and there are 1',
    );
  } finally {
    await kafka.stop();
  }
});
