import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { retryLife } from '../../../src/lab/experiments/retry-life';

let kafka: CourseKafka;
beforeAll(async () => {
  kafka = await useKafka();
});
afterAll(() => kafka.stop());

test('a refused batch is retried after a backoff that grows, until the broker takes it', async () => {
  const report = await retryLife(kafka, { refusals: 3 });
  expect(report).toMatchObject({ errorName: null, inLog: 1 });
  expect(report.attempts).toHaveLength(4);
  const pauses = report.attempts.slice(1).map(({ atMs }, at) => atMs - report.attempts[at]!.atMs);
  // 100, 200, 400 ms, each at most a fifth shorter: no machine makes a pause shorter than that.
  for (const [at, least] of [80, 160, 320].entries()) expect(pauses[at]).toBeGreaterThanOrEqual(least - 1);
});

test('a batch that is refused for good expires after delivery.timeout.ms, whatever retries says', async () => {
  const config = { 'delivery.timeout.ms': 1000, 'request.timeout.ms': 500 };
  const report = await retryLife(kafka, { refusals: 1000, config });
  expect(report).toMatchObject({ errorName: 'TimeoutError', inLog: 0 });
  expect(report.endedMs).toBeGreaterThanOrEqual(999);
  expect(report.attempts.length).toBeGreaterThan(1);
});
