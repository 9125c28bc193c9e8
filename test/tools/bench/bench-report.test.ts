import { stripVTControlCharacters } from 'node:util';
import { renderSvg } from '../../../src/charts/render';
import { benchChart, benchText } from '../../../src/tools/bench/bench-report';
import type { BenchResult } from '../../../src/tools/bench/bench';
import { benchPlan } from '../../../src/tools/bench/plan';
import type { BenchRow } from '../../../src/tools/bench/result';

function row(
  name: string,
  sizeInBytes: number,
  recordsPerSecond: number,
  more: Partial<BenchRow> = {},
): BenchRow {
  const client = name.startsWith('ours') ? 'ours' : name.startsWith('Java') ? 'java' : 'kafkajs-arrays';
  return {
    ...{ name, client, codec: 'lz4', idempotent: true, sizeInBytes, partitions: 6, rounds: 3 },
    recordsPerSecond,
    byRound: [{ round: 0, recordsPerSecond }],
    megabytesPerSecond: (recordsPerSecond * sizeInBytes) / 1e6,
    latencyMs: { p50: 1.25, p99: 20, p999: 30.5 },
    cpuSecondsPerMillionRecords: 1.234,
    peakMemoryBytes: 150 * 1024 * 1024,
    ratioToJava: recordsPerSecond / 1_000_000,
    recordsPerSecondRange: [recordsPerSecond, recordsPerSecond],
    ...more,
  };
}

const result: BenchResult = {
  throughput: [
    row('Java lz4', 100, 1_000_000),
    row('ours lz4', 100, 1_250_000),
    row('kafkajs arrays of 1000', 100, 125_000, { idempotent: false, ratioToJava: null }),
    row('Java lz4', 1024, 200_000),
    row('ours lz4', 1024, 180_000),
  ],
  paced: [
    row('Java none', 100, 1000),
    row('ours none', 100, 1000, { latencyMs: { p50: 1, p99: 2.5, p999: 4 } }),
  ],
  scaling: [],
  failures: [{ name: 'librdkafka lz4', sizeInBytes: 100, round: 1, message: 'It broke.' }],
};
const text = stripVTControlCharacters(benchText(result));

test('the table has a line for each client with all of its figures, and a dash for what is not known', () => {
  const line = (start: string) =>
    text
      .split('\n')
      .find((one) => one.startsWith(start))
      ?.trim()
      .split(/ {2,}/);
  expect(line('ours lz4')).toEqual([
    ...['ours lz4', 'yes', '1,250,000', '125.0', '1.25'],
    ...['1.3', '20.0', '30.5', '1.23', '150'],
  ]);
  expect(line('kafkajs')).toEqual(expect.arrayContaining(['no', '125,000', '–']));
});

test('the findings compare with the same codec, and say which size', () => {
  expect(text).toContain('100 B: ours lz4 sends 1.25 times as much as Java lz4.');
  expect(text).toContain('1,024 B: ours lz4 sends 0.90 times as much as Java lz4.');
  expect(text).toContain('100 B: ours lz4 sends 10.00 times as much as kafkajs arrays of 1000.');
  expect(text).toContain("p99 is 2.50 ms with ours and 20 ms with Java's");
});

test('a contender that failed is named with its reason', () => {
  expect(text).toContain('librdkafka lz4, 100 B, round 2 failed: It broke.');
});

test('what was not measured has no heading', () => {
  expect(text).not.toContain('How cost grows');
});

test('the chart says what was found, and can be drawn', async () => {
  const spec = benchChart(result, benchPlan({}));
  expect(spec?.description).toContain(
    "This producer sends 1.25 times as many records of 100 B and 0.90 times as many records of 1,024 B as Java's, both with lz4. " +
      'Java lz4, 100 B: 1,000; ours lz4, 100 B: 1,250',
  );
  const svg = await renderSvg(spec!);
  for (const words of ['thousand records/s of 1,024 B', 'kafkajs arrays of 1000', '1,250']) {
    expect(svg).toContain(words);
  }
});

test('the chart of a quick run says that it is one', () => {
  expect(JSON.stringify(benchChart(result, benchPlan({ quick: true }))?.title)).toContain('A quick run');
});

test('without figures there is no chart', () => {
  expect(benchChart({ ...result, throughput: [] }, benchPlan({}))).toBeNull();
});
