import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { awaitEachAcknowledgement } from '../../../src/lab/experiments/await-each';

let kafka: CourseKafka;
beforeAll(async () => {
  kafka = await useKafka();
}, 120_000);
afterAll(() => kafka.stop());

test('awaiting every acknowledgement pays the distance for each record, and each way out shares it', async () => {
  const records = 20;
  const { ways } = await awaitEachAcknowledgement(kafka, { distanceMs: 20, records });
  expect(ways.map(({ way }) => way)).toEqual(['one by one', 'pipelined', 'chunks of ten', 'ten loops']);
  expect(ways.map(({ inLog }) => inLog)).toEqual(ways.map(() => records));

  const [oneByOne, ...waysOut] = ways;
  // A batch, and so a wait of at least the distance, for each record. Not a limit: no machine makes it shorter.
  expect(oneByOne?.batches).toBe(records);
  expect(oneByOne?.durationMs).toBeGreaterThanOrEqual(records * 20);
  for (const { batches } of waysOut) expect(batches).toBeLessThan(records / 2);
}, 60_000);
