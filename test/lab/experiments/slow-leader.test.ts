import { startKafka, useKafka, type CourseKafka } from '../../../src/broker/index';
import { slowLeader } from '../../../src/lab/experiments/slow-leader';

describe('one slow broker of three', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await startKafka({ brokers: 3 });
  }, 300_000);
  afterAll(() => kafka.stop());

  test('gets less than an equal share with adaptive partitioning, and about one without; nothing is lost', async () => {
    const unaware = await slowLeader(kafka, { adaptive: false });
    const adaptive = await slowLeader(kafka, { adaptive: true });
    expect(new Set(adaptive.leaders).size).toBe(3);
    expect(unaware.inLog).toBe(3000);
    expect(adaptive.inLog).toBe(3000);
    expect(unaware.fairShare).toBeCloseTo(1 / 3);
    expect(unaware.slowShare).toBeGreaterThan(0.25);
    expect(adaptive.slowShare).toBeLessThan(unaware.slowShare);
    expect(adaptive.slowShare).toBeLessThan(adaptive.fairShare);
  }, 120_000);
});

test('one broker alone is refused in a sentence', async () => {
  const kafka = await useKafka();
  try {
    await expect(slowLeader({ ...kafka, brokers: 1 }, { adaptive: true })).rejects.toThrow(
      /two brokers or more/,
    );
  } finally {
    await kafka.stop();
  }
}, 300_000);
