import { comparedBarsChart } from '../../../src/charts/compared-bars';
import type { VegaLiteSpec } from '../../../src/charts/vega-lite-spec';
import { dataTables } from '../../../src/course/report/data-table';

const spec = (body: object): VegaLiteSpec => ({ $schema: '', description: '', ...body });

describe('the figures of a chart as tables', () => {
  it('have what the chart was drawn from, under the names of its axes', () => {
    const [table, ...others] = dataTables(
      comparedBarsChart({
        bars: [
          { name: 'defaults', value: 12.5, role: 'baseline' },
          { name: 'yours', value: 1234, role: 'answer' },
        ],
        measure: 'records per batch',
        title: 'More in each batch',
      }),
    );
    expect(others).toEqual([]);
    expect(table!.columns).toContain('records per batch');
    expect(table!.rows.map((row) => row.slice(0, 2))).toEqual([
      ['defaults', '12.5'],
      ['yours', '1,234'],
    ]);
  });

  it('find the data of layers, and leave out marks of one row', () => {
    const points = [
      { atMs: 1, usedBytes: 10 },
      { atMs: 2, usedBytes: 20 },
    ];
    const layered = spec({
      vconcat: [{ layer: [{ data: { values: [{ limit: 5 }] } }, { data: { values: points } }] }],
      config: { data: { values: [{ not: 'data' }, { not: 'data' }] } },
    });
    expect(dataTables(layered)).toEqual([
      {
        columns: ['at ms', 'used bytes'],
        rows: [
          ['1', '10'],
          ['2', '20'],
        ],
        total: 2,
      },
    ]);
  });

  it('show a single row where there is nothing else, and nothing where there is no data', () => {
    expect(dataTables(spec({ data: { values: [{ mean: 2.5 }] } }))[0]!.rows).toEqual([['2.5']]);
    expect(dataTables(spec({ data: { name: 'live' } }))).toEqual([]);
  });

  it('show the first two hundred rows, and say how many there are', () => {
    const values = Array.from({ length: 500 }, (_, n) => ({ n }));
    const [table] = dataTables(spec({ data: { values } }));
    expect(table!.rows).toHaveLength(200);
    expect(table!.total).toBe(500);
  });
});
