import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { BAD_DAY, MOVING_LEADERS, sendThroughBadNetwork } from '../../../src/lab/experiments/bad-network';
import { seeds } from '../../support/seeds';

describe('a bad day for the network', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await useKafka();
  });
  afterAll(() => kafka.stop());

  it.each(seeds())(
    'loses, doubles and reorders nothing of an idempotent producer’s (seed %d)',
    async (seed) => {
      const report = await sendThroughBadNetwork(kafka, { seed });
      expect(report).toMatchObject({
        acknowledged: 200,
        inLog: 200,
        doubled: [],
        missing: [],
        inOrder: true,
      });
      expect(Object.keys(report.faults).length).toBeGreaterThan(0);
    },
  );

  it.each(seeds())('nor with one request in flight, while leaders move as well (seed %d)', async (seed) => {
    const config = { 'max.in.flight.requests.per.connection': 1 };
    const report = await sendThroughBadNetwork(kafka, {
      seed,
      config,
      faults: [...BAD_DAY, ...MOVING_LEADERS],
    });
    expect(report).toMatchObject({ acknowledged: 200, inLog: 200, doubled: [], missing: [], inOrder: true });
  });

  it('doubles records of a producer that is not idempotent, and loses none that it acknowledged', async () => {
    const faults = [{ fault: { kind: 'kill-after-write' }, nth: 2, times: 3 }] as const;
    const config = { 'enable.idempotence': false };
    const report = await sendThroughBadNetwork(kafka, { seed: 1, faults, config });
    expect(report.doubled.length).toBeGreaterThan(0);
    expect(report.missing).toEqual([]);
  });

  it('acknowledges what is not there with acks=0', async () => {
    const faults = [{ fault: { kind: 'kill-before-write' }, nth: 3, times: 3 }] as const;
    const report = await sendThroughBadNetwork(kafka, { seed: 1, faults, config: { acks: '0' } });
    expect(report.refused).toBe(0);
    expect(report.missing.length).toBeGreaterThan(0);
  });
});
