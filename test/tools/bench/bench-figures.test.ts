import { contenderNamed, CONTENDERS } from '../../../src/lab/load/contenders/contender';
import { checkCount } from '../../../src/tools/bench/bench';
import {
  benchValues,
  readPayloadFile,
  writePayloadFile,
} from '../../../src/lab/load/contenders/payload-file';
import { benchPlan, orderOfRound, shareOf } from '../../../src/tools/bench/plan';
import { parseTotal, steadyRate } from '../../../src/lab/load/contenders/producer-performance';
import { median, summarize } from '../../../src/tools/bench/result';
import type { BenchRun } from '../../../src/tools/bench/result';
import { Meter } from '../../../src/lab/load/contenders/meter';
import { cpuMsAt } from '../../../src/lab/load/contenders/usage-samples';
import { UsageError } from '../../../src/support/course-error';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const TOTAL =
  '30000 records sent, 49833.887043 records/sec (4.75 MB/sec), 48.96 ms avg latency, 301.00 ms max latency, 40 ms 50th, 110 ms 95th, 120 ms 99th, 130 ms 99.9th.';
const STEADY =
  '20000 steady state records sent, 102564.102564 records/sec (9.78 MB/sec), 12.50 ms avg latency, 33.00 ms max latency, 10 ms 50th, 28 ms 95th, 32 ms 99th, 33 ms 99.9th.';

describe("the lines of Java's ProducerPerformance", () => {
  test('are read for what came after the warm-up', () => {
    expect(parseTotal(STEADY, { warm: true })).toEqual({
      records: 20_000,
      recordsPerSecond: 102_564.102564,
      latencyMs: { p50: 10, p99: 32, p999: 33 },
    });
  });

  test('are read for the whole run where there was no warm-up', () => {
    expect(parseTotal(TOTAL, { warm: false })).toMatchObject({ records: 30_000, latencyMs: { p99: 120 } });
  });

  test.each([
    ['the total with the warm-up in it', TOTAL],
    [
      'a line of progress',
      '5000 records sent, 999.8 records/sec (0.10 MB/sec), 1.5 ms avg latency, 9.0 ms max latency.',
    ],
    ['a figure with a decimal comma', STEADY.replace('102564.1', '102564,1')],
    ['anything else', 'Reading payloads from: values'],
  ])('are not mistaken: %s', (_what, line) => {
    expect(parseTotal(line, { warm: true })).toBeNull();
  });
});

describe("the rate of Java's producer", () => {
  const window = (records: number, rate: string) =>
    `${records} records sent, ${rate} records/sec (9.5 MB/sec), 1.5 ms avg latency, 9.0 ms max latency.`;
  const warm = [window(1, '1.0'), 'In steady state.', window(500, '1000.0')];

  test('is that of the windows after the first, in which the warm-up still drains', () => {
    const lines = [
      ...warm,
      window(1000, '10000.0'),
      window(3000, '10000.0'),
      window(4000, '40000.0'),
      STEADY,
    ];
    expect(steadyRate(lines)).toBe(8000 / 0.5);
  });

  test('is not known from two windows, nor before the steady state', () => {
    expect(steadyRate([...warm, window(1000, '10000.0'), window(1000, '10000.0'), STEADY])).toBeNull();
    expect(steadyRate([window(1, '1.0'), window(1, '1.0'), window(1, '1.0'), window(1, '1.0')])).toBeNull();
  });
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], NaN],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('CPU time of another process is read off between two samples, and goes on after the last as before it', () => {
  const samples = [
    { atMs: 100, cpuMs: 10 },
    { atMs: 200, cpuMs: 60 },
  ];
  expect([50, 100, 150, 200, 220].map((atMs) => cpuMsAt(samples, atMs))).toEqual([10, 10, 35, 60, 70]);
  expect(cpuMsAt(samples.slice(0, 1), 900)).toBe(10);
  expect(cpuMsAt([], 100)).toBeNaN();
});

const workload = { sizeInBytes: 100, partitions: 6, records: 1000, warmupRecords: 0 };

function run(name: string, round: number, durationMs: number, p99 = 1): BenchRun {
  const latencyMs = { p50: 1, p99, p999: p99 };
  return {
    contender: contenderNamed(name),
    workload,
    lingerMs: 50,
    round,
    measurement: { records: 1000, durationMs, latencyMs, cpuMs: 500, peakMemoryBytes: 1 },
  };
}

describe('a row', () => {
  const runs = [
    run('Java lz4', 0, 100),
    run('ours lz4', 0, 50, 7),
    run('Java lz4', 1, 1000),
    run('ours lz4', 1, 1000, 5),
    run('Java lz4', 2, 100),
    run('ours lz4', 2, 25, 9),
  ];
  const [java, ours] = summarize(runs, ['Java lz4', 'ours lz4', 'ours none']);

  test('holds the median of each figure by itself', () => {
    expect(ours).toMatchObject({ recordsPerSecond: 20_000, megabytesPerSecond: 2, latencyMs: { p99: 7 } });
    expect(ours?.recordsPerSecondRange).toEqual([1000, 40_000]);
  });

  test('holds the median of the ratios to Java in the same round, which one slow round does not move', () => {
    expect(java?.ratioToJava).toBe(1);
    expect(ours?.ratioToJava).toBe(2); // 2, 1 and 4
  });

  test('counts CPU seconds for a million records', () => {
    expect(ours?.cpuSecondsPerMillionRecords).toBe(500);
  });

  test('has no ratio where Java was not measured', () => {
    expect(summarize([run('ours lz4', 0, 50)], ['ours lz4'])[0]?.ratioToJava).toBeNull();
  });
});

describe('what is found in the log', () => {
  const idempotent = contenderNamed('ours lz4');
  const plain = contenderNamed('kafkajs arrays of 1000');

  test('is an error when a record is missing, whoever sent it', () => {
    for (const contender of [idempotent, plain]) {
      expect(() => checkCount(999, 1000, contender)).toThrow(/holds 999 of 1000/);
    }
  });

  test('is an error when an idempotent producer doubled a record, and allowed without idempotence', () => {
    expect(() => checkCount(1001, 1000, idempotent)).toThrow(/doubled/);
    expect(() => checkCount(1001, 1000, plain)).not.toThrow();
  });
});

describe('a plan', () => {
  test('measures 100 B and 1 KB on 6 partitions in three rounds, and grows only when asked to', () => {
    const plan = benchPlan({});
    expect(plan.rounds).toBe(3);
    expect(plan.contenders).toEqual(CONTENDERS);
    expect(plan.throughput.map(({ sizeInBytes, partitions }) => [sizeInBytes, partitions])).toEqual([
      [100, 6],
      [1024, 6],
    ]);
    expect(plan.scaling).toEqual([]);
  });

  test('goes from 1 to 96 partitions and from 10 B to 100 KB', () => {
    const { scaling } = benchPlan({ scaling: true });
    expect(scaling.map(({ partitions }) => partitions)).toEqual([1, 6, 24, 96, 6, 6, 6, 6]);
    expect(scaling.map(({ sizeInBytes }) => sizeInBytes)).toEqual([
      ...[100, 100, 100, 100],
      ...[10, 1024, 10_240, 102_400],
    ]);
  });

  test('warms up each contender, however small its share', () => {
    for (const quick of [true, false]) {
      const { throughput, contenders } = benchPlan({ quick });
      const shares = throughput.flatMap((one) => contenders.map((contender) => shareOf(contender, one)));
      expect(Math.min(...shares.map(({ warmupRecords }) => warmupRecords))).toBeGreaterThanOrEqual(1000);
    }
  });

  test('takes words of names, and refuses one that is in none', () => {
    expect(benchPlan({ only: ['OURS'] }).contenders.map(({ client }) => client)).toEqual([
      'ours',
      'ours',
      'ours',
    ]);
    expect(() => benchPlan({ only: ['ours', 'sarama'] })).toThrow(UsageError);
  });

  test('begins each round with another contender', () => {
    expect([0, 1, 2, 3].map((round) => orderOfRound(['a', 'b', 'c'], round).join(''))).toEqual([
      'abc',
      'bca',
      'cab',
      'abc',
    ]);
  });
});

describe('the values', () => {
  test.each([10, 100, 1024, 102_400])('of %d bytes have exactly that size, and are not all alike', (size) => {
    const values = benchValues(size);
    expect(new Set(values.map(({ length }) => length))).toEqual(new Set([size]));
    expect(new Set(values.map((value) => value.toString('latin1'))).size).toBeGreaterThanOrEqual(40);
  });

  test('are shuffled, and the same in every run: Java picks at random what the others send in turn', () => {
    const ids = benchValues(100).map((value) => value.toString('latin1', 0, 30));
    expect(ids).not.toEqual([...ids].sort());
    expect(benchValues(100).map((value) => value.toString('latin1', 0, 30))).toEqual(ids);
  });

  test('come out of the file as they went in, one on each line', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-values-'));
    try {
      const values = benchValues(100).slice(0, 50);
      writePayloadFile(path.join(folder, 'values'), values);
      expect(readPayloadFile(path.join(folder, 'values'))).toEqual(values);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('the meter has every latency in its percentiles, however many there are', () => {
  const meter = new Meter();
  meter.begin();
  const now = performance.now();
  for (let count = 0; count < 100_000; count++) meter.acknowledged(now - 10_000);
  for (let count = 0; count < 50_000; count++) meter.acknowledged(now - 100_000);
  meter.acknowledged(now - 10_000, 50_000);
  const { records, latencyMs } = meter.end();
  expect(records).toBe(200_000);
  expect(latencyMs.p50).toBeLessThan(90_000);
  expect(latencyMs.p99).toBeGreaterThan(90_000);
});
