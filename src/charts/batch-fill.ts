import { formatCount } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface MeasuredFill {
  readonly recordsPerSecond: number;
  readonly lingerMs: number;
  readonly recordsPerBatch: number;
}

export interface BatchFill {
  /** Bytes that one record takes in a batch. */
  readonly bytesPerRecord: number;
  /** The sliders' first positions. */
  readonly lingerMs: number;
  readonly batchSizeKilobytes: number;
  /** What was measured, drawn as points. */
  readonly measured: readonly MeasuredFill[];
}

const SLOWEST = 10;
const FASTEST = 100_000;
const POINTS = 81;

/**
 * Draws how many records share a batch, for every rate at which they come: sliders for `linger.ms` and `batch.size`, and what
 * was measured as points. The curve is computed: a batch takes what comes within linger, at most what fits.
 */
export function batchFillChart({
  bytesPerRecord,
  lingerMs,
  batchSizeKilobytes,
  measured,
}: BatchFill): VegaLiteSpec {
  const rates = Array.from({ length: POINTS }, (_, at) => {
    return SLOWEST * (FASTEST / SLOWEST) ** (at / (POINTS - 1));
  });
  const fits = `max(1, floor(batchSizeKb * 1024 / ${bytesPerRecord}))`;
  const x = {
    field: 'rate',
    type: 'quantitative',
    title: 'records per second, for one partition',
    scale: { type: 'log', domain: [SLOWEST, FASTEST] },
    axis: { values: [10, 100, 1000, 10_000, 100_000], format: ',d', grid: true },
  };
  const y = {
    field: 'records',
    type: 'quantitative',
    title: 'records per batch',
    scale: { type: 'log', domain: [0.6, 1000] },
    axis: { values: [1, 10, 100, 1000], format: ',d' },
  };
  const points = measured.map((one) => ({
    rate: one.recordsPerSecond,
    records: one.recordsPerBatch,
    linger: one.lingerMs,
    label: `measured, linger.ms ${one.lingerMs}`,
  }));
  const enough = `(${fits} - 1) * 1000 / max(lingerMs, 1)`;
  const figures = measured.map(
    (one) =>
      `${formatCount(one.recordsPerSecond)}/s, linger.ms ${one.lingerMs}: ${one.recordsPerBatch.toFixed(1)}`,
  );
  return chartSpec(
    {
      title: 'What fills a batch',
      description:
        'Line chart with sliders for linger.ms and batch.size: records per batch by the rate at which they come. The line ' +
        `rises with the rate until the batch is full. Measured: ${figures.join('; ')}.`,
    },
    {
      title: {
        text: {
          expr:
            `lingerMs == 0 ? 'Without linger, a record finds company only while the sender is busy' : ` +
            `'From ' + format(${enough}, ',.0f') + ' records/s on, batches are full before ' + lingerMs + ' ms are over'`,
        },
        subtitle: [
          `Drag the sliders. Computed for records of ${bytesPerRecord} bytes in a batch; the points are what was measured above.`,
        ],
      },
      params: [
        {
          name: 'lingerMs',
          value: lingerMs,
          bind: { input: 'range', min: 0, max: 100, step: 5, name: 'linger.ms ' },
        },
        {
          name: 'batchSizeKb',
          value: batchSizeKilobytes,
          bind: { input: 'range', min: 1, max: 64, step: 1, name: 'batch.size (KB) ' },
        },
      ],
      layer: [
        {
          data: { values: rates.map((rate) => ({ rate })) },
          transform: [
            { calculate: `min(${fits}, 1 + datum.rate * lingerMs / 1000)`, as: 'records' },
            { calculate: `min(lingerMs, (${fits} - 1) * 1000 / datum.rate)`, as: 'waits' },
          ],
          mark: { type: 'line', color: COLOURS.blue, strokeWidth: 2.5 },
          encoding: {
            x,
            y,
            tooltip: [
              { field: 'rate', type: 'quantitative', title: 'records/s', format: ',.0f' },
              { field: 'records', type: 'quantitative', title: 'records per batch', format: ',.1f' },
              { field: 'waits', type: 'quantitative', title: 'the first one waits (ms)', format: ',.1f' },
            ],
          },
        },
        {
          data: { values: points },
          mark: { type: 'point', filled: true, size: 90, color: COLOURS.vermillion, opacity: 1 },
          encoding: {
            x,
            y,
            tooltip: [{ field: 'label' }, { field: 'records', type: 'quantitative', format: '.1f' }],
          },
        },
        {
          data: { values: points },
          mark: { type: 'text', align: 'left', dx: 7, dy: 11, fontSize: 11 },
          encoding: { x, y, text: { field: 'label' } },
        },
      ],
    },
  );
}
