import { useKafka } from '../../src/broker/index';
import type { CourseKafka } from '../../src/broker/index';
import { compareAcks } from '../../src/lab/acks-answers';
import { turnKnob } from '../../src/lab/turn-knob';

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
