import {
  partitionComparisonChart,
  partitionDistributionChart,
} from '../../src/charts/partition-distribution';
import { renderPng, renderSvg } from '../../src/charts/render';
import { textDistribution } from '../../src/charts/text-chart';
import { COLOURS, titleOf, wrapLines } from '../../src/charts/theme';

const title = (measured: readonly number[], expected?: readonly number[]) =>
  titleOf(partitionDistributionChart({ measured, ...(expected === undefined ? {} : { expected }) }));

describe('the title of a partition distribution states what the figures show', () => {
  test.each([
    [[100, 100, 100], '300 records, spread evenly: 100 per partition'],
    [[105, 98, 97], '300 records, spread evenly: 97 to 105 per partition'],
    [[120, 100, 80], '300 records, 80 to 120 per partition'],
    [[800, 100, 100], 'Partition 0 took 80 % of 1,000 records'],
    [[0, 700, 100, 0], 'Partition 1 took 88 % of 800 records, and 2 of 4 partitions got none'],
    [[0, 0, 5], 'Partition 2 took all 5 records, the others nothing'],
    [[7], 'The topic has one partition, which took all 7 records'],
    [[0, 0], 'No records were found in any partition'],
    [[], 'No records were found in any partition'],
  ])('%j: %s', (measured, expected) => {
    expect(title(measured)).toBe(expected);
  });

  test.each([
    [[3, 4], [3, 4], 'Every partition holds as many records as expected (7 in all)'],
    [[0, 4, 3], [3, 4, 0], 'At least 3 of 7 records went to the wrong partition: partitions 0, 2 differ'],
    [[4, 3], [3, 4], 'At least 1 of 7 records went to the wrong partition: every partition differs'],
    [[3, 3], [3, 4], '6 records arrived where 7 were expected'],
    [[3, 4, 1], [3, 4], '8 records arrived where 7 were expected'],
  ])('%j where %j was expected: %s', (measured, expected, finding) => {
    expect(title(measured, expected)).toBe(finding);
  });

  test('several kinds of records get a line each', () => {
    const spec = partitionComparisonChart({
      series: [
        { name: 'HIGH', records: [30, 0] },
        { name: 'LOW', records: [10, 10] },
      ],
    });
    expect(spec.title).toEqual({
      text: [
        'HIGH: Partition 0 took all 30 records, the others nothing',
        'LOW: 20 records, spread evenly: 10 per partition',
      ],
    });
  });
});

describe('a partition distribution as a Vega-Lite spec', () => {
  test('holds one row for each partition and series, and zero where a series is shorter', () => {
    const spec = partitionDistributionChart({ measured: [3, 1, 2], expected: [3, 3] });
    expect(spec.data).toEqual({
      values: [
        { partition: '0', series: 'expected', records: 3 },
        { partition: '1', series: 'expected', records: 3 },
        { partition: '2', series: 'expected', records: 0 },
        { partition: '0', series: 'measured', records: 3 },
        { partition: '1', series: 'measured', records: 1 },
        { partition: '2', series: 'measured', records: 2 },
      ],
    });
  });

  test('keeps its form: axes, colours, description', () => {
    expect(partitionDistributionChart({ measured: [2, 4], expected: [3, 3] })).toMatchSnapshot();
  });

  test('tells a screen reader every figure', () => {
    expect(partitionDistributionChart({ measured: [1200, 0] }).description).toBe(
      'Bar chart of records per partition. Partition 0 took all 1,200 records, the others nothing. ' +
        'measured (1,200 records): partition 0: 1,200, partition 1: 0.',
    );
  });

  test('leaves the figures above the bars out where they would touch', () => {
    const layers = (partitions: number) =>
      partitionDistributionChart({ measured: Array.from({ length: partitions }, () => 9) }).layer;
    expect(layers(24)).toHaveLength(2);
    expect(layers(25)).toHaveLength(1);
  });

  test.each([[-1], [1.5], [NaN]])('refuses %d records in a partition and names the partition', (count) => {
    expect(() => partitionDistributionChart({ measured: [1, count] })).toThrow(/"measured".*partition 1/);
  });

  test('refuses more series than can be told apart', () => {
    const series = Array.from({ length: 7 }, (_, index) => ({ name: `s${index}`, records: [1] }));
    expect(() => partitionComparisonChart({ series })).toThrow(/1 to 6 series, and 7 were given/);
  });
});

describe('a rendered chart', () => {
  const spec = partitionDistributionChart({ measured: [105, 98, 97], expected: [100, 100, 100] });

  test('as SVG has the title, the axis titles with units and a label for each partition', async () => {
    const svg = await renderSvg(spec);
    for (const text of [
      'of 300 records went to the wrong partition',
      'partition',
      'records',
      '105',
      'expected',
    ]) {
      expect(svg).toContain(text);
    }
    expect(svg).toContain(COLOURS.blue);
  });

  test('as PNG is a picture of twice the size, with room for the texts', async () => {
    const png = await renderPng(spec);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    const widthInPixels = png.readUInt32BE(16);
    expect(widthInPixels).toBeGreaterThan(2 * 560);
    expect(widthInPixels).toBeLessThan(2 * 700);
  });

  test('is the same picture each time', async () => {
    expect((await renderPng(spec)).equals(await renderPng(spec))).toBe(true);
  });

  test('is refused with its title and the reason when the spec is wrong', async () => {
    const wrong = {
      ...spec,
      layer: [{ mark: 'bar', encoding: { x: { field: 'partition', type: 'nonsense' } } }],
    };
    await expect(renderSvg(wrong)).rejects.toThrow(/At least .* could not be drawn: /);
  });

  test('never fetches data', async () => {
    const { layer: _layer, ...rest } = spec;
    const fetching = { ...rest, data: { url: 'http://127.0.0.1:9/data.json' }, mark: 'bar' };
    await expect(renderSvg(fetching)).rejects.toThrow(/carries its own data/);
  });
});

describe('a distribution as text', () => {
  test('has a line for each partition, bars to scale and what was expected where it differs', () => {
    expect(textDistribution({ measured: [40, 20, 0], expected: [40, 10, 10] })).toBe(
      [
        'At least 10 of 60 records went to the wrong partition: partitions 1, 2 differ',
        `  partition 0  40  ${'█'.repeat(40)}`,
        `  partition 1  20  ${'█'.repeat(20)}  expected 10`,
        '  partition 2   0    expected 10',
      ].join('\n'),
    );
  });

  test('shows a sliver for a single record among thousands', () => {
    expect(textDistribution({ measured: [100_000, 1] })).toMatch(/partition 1\s+1\s+▏$/);
  });
});

test('titles break at spaces, and a line break stays one', () => {
  expect(wrapLines('one two three\nfour', 8)).toEqual(['one two', 'three', 'four']);
  expect(wrapLines('incomprehensibilities', 8)).toEqual(['incomprehensibilities']);
});
