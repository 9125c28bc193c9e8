import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { loseErrorUnseen, slowSerializer, stallBroker } from '../../../src/lab/experiments/backpressure';
import { seeds } from '../../support/seeds';

describe('pitfalls, caused on purpose:', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await useKafka();
  });
  afterAll(() => kafka.stop());

  it.each(seeds())(
    'a silent broker fills buffer.memory, send() waits max.block.ms and gives up, and what was taken arrives once (seed %d)',
    async (seed) => {
      const report = await stallBroker(kafka, { seed, maxBlockMs: 300 });
      expect(report.errorName).toBe('BufferExhaustedError');
      expect(report.errorMessage).toContain('max.block.ms');
      // Timers may be a millisecond early by performance.now().
      expect(report.blockedMs).toBeGreaterThanOrEqual(299);
      expect(report.taken).toBeGreaterThan(50);
      expect(report.taken * 1000).toBeLessThanOrEqual(report.bufferMemoryBytes);
      expect(report.availableBytesWhenBlocked).toBeLessThan(4096);
      expect(report.deliveredAfterwards).toBe(report.taken);
      expect(report.inLog).toBe(report.taken);
      expect(Math.min(...report.memory.map(({ availableBytes }) => availableBytes))).toBeLessThan(4096);
    },
  );

  it('a slow serializer holds up the whole event loop, not only its own record', async () => {
    const report = await slowSerializer(kafka, { records: 40, busyMs: 20 });
    expect(report.slow.records).toBe(40);
    expect(report.slow.eventLoopDelayMs.max).toBeGreaterThanOrEqual(19);
    expect(report.slow.eventLoopDelayMs.mean).toBeGreaterThan(report.fast.eventLoopDelayMs.mean);
    expect(report.slow.recordsPerSecond).toBeLessThan(1000 / 20 + 1);
  });

  it('an error that nobody waits for is lost: no rejection, no line of output, only a metric', async () => {
    const report = await loseErrorUnseen(kafka);
    expect(report).toMatchObject({ sent: 4, inLog: 1, unhandledRejections: 0, recordErrorTotal: 3 });
    expect(report.seenByCallback).toMatch(/^RecordTooLargeError: /);
    expect(report.seenByFuture).toBe(report.seenByCallback);
  });
});
