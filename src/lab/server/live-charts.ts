import { chartSpec } from '../../charts/theme';
import type { VegaLiteSpec } from '../../charts/vega-lite-spec';

export const LIVE_CHARTS = ['records-per-batch', 'queue-time', 'partitions'] as const;
export type LiveChart = (typeof LIVE_CHARTS)[number];

const SIZE = { width: 'container', height: 230, autosize: { type: 'fit', contains: 'padding' } } as const;
/** The page fills this in while a load runs. */
const DATA = { name: 'live' } as const;
const PRODUCERS = ['high-throughput', 'low-latency', 'priority-order', 'benchmark'];

/** One load has thousands of records in a batch, the other one: only a logarithm shows both, and 0 has a place, too. */
const POWERS_OF_TEN = {
  scale: { type: 'symlog' },
  axis: { values: [0, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000], format: ',d' },
} as const;

/** The charts of the live page, without data. */
export function liveChartSpecs(): Record<LiveChart, VegaLiteSpec> {
  return {
    'records-per-batch': overTime({
      title: 'Records per batch: what linger.ms and batch.size buy',
      field: 'recordsPerBatch',
      axis: 'records per batch',
    }),
    'queue-time': overTime({
      title: 'Queue time: what linger.ms costs',
      field: 'queueMs',
      axis: 'ms in the accumulator',
    }),
    partitions: chartSpec(
      {
        title: 'Records per partition',
        description: 'Bar chart of records per partition for each topic of the lab.',
      },
      {
        ...SIZE,
        data: DATA,
        mark: { type: 'bar', cornerRadiusEnd: 2 },
        encoding: {
          x: { field: 'partition', type: 'ordinal', title: 'partition' },
          xOffset: { field: 'producer', type: 'nominal' },
          y: { field: 'records', type: 'quantitative', title: 'records', ...POWERS_OF_TEN },
          color: colour,
          tooltip: [{ field: 'producer' }, { field: 'partition' }, { field: 'records', format: ',d' }],
        },
      },
    ),
  };
}

const colour = { field: 'producer', type: 'nominal', scale: { domain: PRODUCERS } } as const;

function overTime({ title, field, axis }: { title: string; field: string; axis: string }): VegaLiteSpec {
  return chartSpec(
    { title, description: `Line chart over time, a line for each producer: ${axis}.` },
    {
      ...SIZE,
      data: DATA,
      // The points repeat the line; a screen reader is told of the line, and axe finds no nameless pictures.
      mark: { type: 'line', point: { aria: false }, interpolate: 'linear' },
      encoding: {
        x: { field: 'atMs', type: 'temporal', title: null, axis: { format: '%H:%M:%S' } },
        y: { field, type: 'quantitative', title: axis, ...POWERS_OF_TEN },
        color: colour,
        tooltip: [{ field: 'producer' }, { field, format: ',.1f' }],
      },
    },
  );
}
