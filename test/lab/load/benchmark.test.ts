import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { benchmark } from '../../../src/lab/load/benchmark';
import { benchmarkTable } from '../../../src/lab/load/benchmark-command';
import type { BenchmarkProgress } from '../../../src/lab/load/benchmark';
import { compareBenchmarks, judgeRatios } from '../../../src/lab/load/compare-benchmarks';

describe('the benchmark', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await useKafka();
  });
  afterAll(() => kafka.stop());

  it('measures every message, and counts what went over the wire', async () => {
    const progress: BenchmarkProgress[] = [];
    const result = await benchmark(
      kafka,
      { messages: 5000, sizeInBytes: 200, partitions: 2, warmupMessages: 100 },
      { onProgress: (one) => progress.push(one) },
    );
    expect(result).toMatchObject({ messages: 5000, failed: 0 });
    expect(result.recordsPerBatch * result.batches).toBeCloseTo(5000, 5);
    expect(result.requests).toBeLessThanOrEqual(result.batches);
    expect(result.compressionRatio).toBeLessThan(0.7);
    expect(result.bytesSent).toBeLessThan(5000 * 200);
    expect(result.messagesPerSecond).toBeCloseTo((5000 * 1000) / result.durationMs, 5);
    const { p50, p95, p99, max } = result.latencyMs;
    expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].sort((a, b) => a - b));
    expect(progress.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['warm-up', 'measuring']));
    expect(benchmarkTable([['ours', result]]).split('\n')[1]).toMatch(/^ours +\d+ /);
    expect(progress.at(-1)).toEqual({ phase: 'measuring', acknowledged: 5000, messages: 5000 });
  });

  it('shows what batches are for: one record per batch means a request or more for each record', async () => {
    const settings = { messages: 500, partitions: 1, compressionType: 'none', warmupMessages: 0 } as const;
    const single = await benchmark(kafka, { ...settings, batchSize: 0, lingerMs: 0 });
    const batched = await benchmark(kafka, settings);
    expect(single).toMatchObject({ recordsPerBatch: 1, batches: 500, compressionRatio: 1 });
    expect(batched.recordsPerBatch).toBeGreaterThan(50);
    expect(batched.requests).toBeLessThan(single.requests / 10);
  });

  it('keeps a pace, and counts latency from when a message was due', async () => {
    const result = await benchmark(kafka, {
      messages: 300,
      messagesPerSecond: 1000,
      lingerMs: 30,
      partitions: 1,
      warmupMessages: 50,
    });
    expect(result.durationMs).toBeGreaterThanOrEqual(299);
    // The first record of each batch waits for linger.ms, less what a timer may be early.
    expect(result.latencyMs.max).toBeGreaterThanOrEqual(29);
  });

  it('compares two settings in interleaved rounds', async () => {
    const comparison = await compareBenchmarks(
      kafka,
      { name: 'single', settings: { messages: 300, batchSize: 0, lingerMs: 0, warmupMessages: 0 } },
      { name: 'batched', settings: { messages: 300, warmupMessages: 0, lingerMs: 1 } },
      { rounds: 3 },
    );
    expect(comparison.ratios).toHaveLength(3);
    expect(comparison.results).toHaveLength(3);
    expect(comparison.spread).toBeGreaterThanOrEqual(1);
    expect(comparison.sentence).toContain('batched');
  });

  it.each([
    [{ messages: 0 }, 'messages must be a whole number from 1 on, not 0.'],
    [{ sizeInBytes: 1.5 }, 'sizeInBytes must be a whole number from 1 on, not 1.5.'],
    [{ config: { 'lingre.ms': 5 } }, 'lingre.ms'],
  ])('refuses %j', async (settings, message) => {
    await expect(benchmark(kafka, settings as never)).rejects.toThrow(message);
  });
});

describe('the judgement on ratios', () => {
  it('calls the faster one when every round agrees, and says how much and how sure', () => {
    expect(judgeRatios('A', 'B', [2.1, 1.9, 3])).toMatchObject({
      verdict: 'second is faster',
      ratio: 2.1,
      sentence: 'B sends 2.10 times as much as A (1.90 to 3.00 in 3 rounds).',
    });
    expect(judgeRatios('A', 'B', [0.5, 0.4, 0.45, 0.55])).toMatchObject({ verdict: 'first is faster' });
  });

  it('calls them alike when rounds differ little, and inconclusive when they differ a lot', () => {
    expect(judgeRatios('A', 'B', [0.95, 1.02, 1.1]).verdict).toBe('alike');
    const wide = judgeRatios('A', 'B', [0.6, 1, 1.9]);
    expect(wide.verdict).toBe('inconclusive');
    expect(wide.sentence).toMatch(/^Inconclusive: /);
  });
});
