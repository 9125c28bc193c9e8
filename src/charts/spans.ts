import { chartSpec, COLOURS, PLOT_SIZE } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface Span {
  readonly row: string;
  readonly series: string;
  readonly from: number;
  readonly to: number;
  /** What became of it: decides the colour. */
  readonly kind: string;
}

export interface Spans {
  /** Rows and series stand in the order in which they appear here first. */
  readonly spans: readonly Span[];
  /** What is counted from left to right, with its unit. */
  readonly measure: string;
  readonly title: string;
  readonly subtitle?: string;
}

const BAR_HEIGHT = 19;
const KINDS = [COLOURS.sky, COLOURS.orange, COLOURS.vermillion, COLOURS.green, COLOURS.purple] as const;

/** Draws from where to where something went: a row for each thing, and in a row a bar for each series. */
export function spansChart({ spans, measure, title, subtitle }: Spans): VegaLiteSpec {
  const unique = (of: (span: Span) => string) => [...new Set(spans.map(of))];
  const [rows, names, kinds] = [
    unique(({ row }) => row),
    unique(({ series }) => series),
    unique(({ kind }) => kind),
  ];
  const end = Math.max(1, ...spans.map(({ to }) => to));
  const y = {
    field: 'row',
    type: 'nominal',
    sort: rows,
    title: null,
    axis: { grid: false, labelLimit: 240 },
  };
  const yOffset = { field: 'series', type: 'nominal', sort: names };
  const figures = spans.map(
    ({ row, series, from, to, kind }) => `${row}, ${series}: ${from} to ${to}, ${kind}`,
  );
  return chartSpec(
    { title, subtitle, description: `Bars from start to end. ${title}. ${figures.join('; ')}.` },
    {
      width: PLOT_SIZE.width,
      height: Math.max(1, rows.length) * Math.max(2, names.length) * BAR_HEIGHT,
      // A bar that took no time at all must still be visible.
      data: { values: spans.map((span) => ({ ...span, end: Math.max(span.to, span.from + end / 200) })) },
      layer: [
        {
          mark: { type: 'bar', cornerRadius: 2, height: { band: 0.86 } },
          encoding: {
            x: {
              field: 'from',
              type: 'quantitative',
              title: measure,
              scale: { domain: [0, end * 1.02], nice: false },
              axis: { format: ',d' },
            },
            x2: { field: 'end' },
            y,
            yOffset,
            color: {
              field: 'kind',
              type: 'nominal',
              scale: { domain: kinds, range: kinds.map((_kind, at) => KINDS[at % KINDS.length]) },
            },
            tooltip: ['row', 'series', 'from', 'to', 'kind'].map((field) => ({ field })),
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 },
          encoding: { x: { field: 'end', type: 'quantitative' }, y, yOffset, text: { field: 'series' } },
        },
      ],
    },
  );
}
