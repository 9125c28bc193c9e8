import { comparedBarsChart } from '../../src/charts/compared-bars';
import { renderSvg } from '../../src/charts/render';
import { COLOURS } from '../../src/charts/theme';

const comparison = {
  title: 'Your partitioner fills batches 6 times as well as round robin',
  measure: 'records per batch',
  decimals: 1,
  bars: [
    { name: 'round robin', value: 10, role: 'baseline' },
    { name: 'yours', value: 62.25, role: 'answer' },
  ],
} as const;

describe('compared bars', () => {
  test('hold one row for each candidate, in the order given', () => {
    expect(comparedBarsChart(comparison).data).toEqual({
      values: [
        { name: 'round robin', value: 10, role: 'baseline' },
        { name: 'yours', value: 62.25, role: 'answer' },
      ],
    });
  });

  test('tell a screen reader every figure', () => {
    expect(comparedBarsChart(comparison).description).toBe(
      'Bar chart of records per batch. Your partitioner fills batches 6 times as well as round robin. ' +
        'round robin: 10.0, yours: 62.3.',
    );
  });

  test('are drawn with their figures, and what is judged in another colour than the baseline', async () => {
    const svg = await renderSvg(comparedBarsChart(comparison));
    for (const text of ['records per batch', 'round robin', 'yours', '62.3', COLOURS.grey, COLOURS.blue]) {
      expect(svg).toContain(text);
    }
  });

  test('can all be zero', async () => {
    const bars = comparison.bars.map((bar) => ({ ...bar, value: 0 }));
    await expect(renderSvg(comparedBarsChart({ ...comparison, bars }))).resolves.toContain('yours');
  });

  test.each([[-1], [NaN], [Infinity]])('refuse a bar of %d and name it', (value) => {
    const bars = [{ name: 'lz4', value, role: 'other' }] as const;
    expect(() => comparedBarsChart({ ...comparison, bars })).toThrow(/"lz4"/);
  });
});
