import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { compareAcks } from '../../../src/lab/experiments/acks-answers';
import { withDistantBroker } from '../../../src/lab/faults/distant-broker';
import { turnKnob } from '../../../src/lab/experiments/turn-knob';

let kafka: CourseKafka;
beforeAll(async () => {
  kafka = await useKafka();
});
afterAll(() => kafka.stop());

test('turning batch.size measures the same load at each position, in the order given', async () => {
  const heard: string[] = [];
  const readings = await turnKnob(
    kafka,
    { none: { batchSize: 0 }, usual: { batchSize: 16_384 } },
    {
      shared: { messages: 600, partitions: 1, lingerMs: 20, warmupMessages: 100, compressionType: 'none' },
      onReading: ({ name }) => void heard.push(name),
    },
  );
  expect(heard).toEqual(['none', 'usual']);
  const [none, usual] = readings;
  expect(none).toMatchObject({ messages: 600, failed: 0, recordsPerBatch: 1 });
  expect(usual!.recordsPerBatch).toBeGreaterThan(10);
});

test('turning linger.ms shows how long batches waited, the warm-up left out', async () => {
  const [patient] = await turnKnob(
    kafka,
    { patient: { lingerMs: 60 } },
    {
      shared: { messages: 100, messagesPerSecond: 500, partitions: 1, batchSize: 65_536, warmupMessages: 10 },
    },
  );
  // Timestamps are whole milliseconds.
  expect(patient!.batchWaitMs).toBeGreaterThanOrEqual(58);
});

test('acks=0 reports a refused record as delivered; 1 and all do not', async () => {
  const refused = { reportedDelivered: 1, withOffset: 1, error: 'RecordTooLargeError', inLog: 1 };
  expect(await compareAcks(kafka)).toEqual([
    { acks: '0', reportedDelivered: 2, withOffset: 0, error: null, inLog: 1 },
    { acks: '1', ...refused },
    { acks: 'all', ...refused },
  ]);
});

test('a distant broker answers later, and who waits for no answer does not notice', async () => {
  const readings = await withDistantBroker(kafka, 80, (distant) =>
    turnKnob(
      distant,
      { nobody: { acks: '0' }, all: { acks: 'all' } },
      { shared: { messages: 20, messagesPerSecond: 20, partitions: 1, lingerMs: 0, warmupMessages: 5 } },
    ),
  );
  const [nobody, all] = readings;
  // Timers may be a millisecond early by performance.now().
  expect(all!.latencyMs.p50).toBeGreaterThanOrEqual(79);
  expect(nobody!.latencyMs.p50).toBeLessThan(all!.latencyMs.p50);
});
