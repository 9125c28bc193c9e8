import { formatRecords } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface PlacementSeries {
  readonly name: string;
  /** The partition of each record, in the order of sending. */
  readonly partitions: readonly number[];
}

export interface Placements {
  /** One above the other; the first is the reference where there is one. */
  readonly series: readonly PlacementSeries[];
  /** The finding, as a sentence; computed from how long each stays with a partition when left out. */
  readonly title?: string;
  readonly subtitle?: string;
  /** How many records are drawn; the rest looks the same. */
  readonly shown?: number;
}

const SHOWN = 400;
const PANEL_WIDTH = 560;
const ROW_HEIGHT = 17;
const SERIES = [COLOURS.blue, COLOURS.orange, COLOURS.green] as const;

/** Draws which partition each record went to, in the order of sending: round robin makes stripes, sticky makes lines. */
export function placementsChart({ series, title, subtitle, shown = SHOWN }: Placements): VegaLiteSpec {
  const partitions = 1 + Math.max(0, ...series.flatMap((one) => one.partitions));
  const order = Array.from({ length: partitions }, (_, partition) => String(partition));
  const finding = title ?? series.map(stayOf).join('\n');
  const drawn = Math.min(shown, Math.max(1, ...series.map((one) => one.partitions.length)));
  const panels = series.map(({ name, partitions: placed }, index) => ({
    width: PANEL_WIDTH,
    height: partitions * ROW_HEIGHT,
    title: { text: name, anchor: 'start', fontSize: 12, fontWeight: 500, offset: 4 },
    data: {
      values: runsOf(placed.slice(0, drawn)).map(({ partition, from, to }) => ({
        partition: String(partition),
        from: from - 0.5,
        to: to + 0.5,
        records: to - from + 1,
      })),
    },
    mark: { type: 'bar', height: { band: 0.72 }, color: SERIES[index % SERIES.length] },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        title: index === series.length - 1 ? 'record, in the order of sending' : null,
        scale: { domain: [0, drawn], nice: false },
        axis: { format: ',d', tickMinStep: 1 },
      },
      x2: { field: 'to' },
      y: {
        field: 'partition',
        type: 'nominal',
        sort: order,
        scale: { domain: order },
        title: 'partition',
        axis: { grid: true },
      },
      tooltip: [
        { field: 'partition', title: 'partition' },
        { field: 'records', type: 'quantitative', title: 'records in a row' },
      ],
    },
  }));
  const {
    width: _width,
    height: _height,
    ...spec
  } = chartSpec(
    {
      title: finding,
      subtitle,
      description: `Which partition each of ${formatRecords(drawn)} went to, in order. ${finding.split('\n').join('. ')}.`,
    },
    { vconcat: panels, spacing: 14 },
  );
  return spec;
}

/** Returns how many records in a row go to the same partition, on average. */
export function recordsInARow(partitions: readonly number[]): number {
  return partitions.length === 0 ? 0 : partitions.length / runsOf(partitions).length;
}

function stayOf({ name, partitions }: PlacementSeries): string {
  const inARow = recordsInARow(partitions);
  const figure = inARow < 10 ? inARow.toFixed(1).replace(/\.0$/, '') : String(Math.round(inARow));
  const sentence = `${name}: ${figure} ${figure === '1' ? 'record' : 'records'} in a row for a partition`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

interface Run {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

function runsOf(partitions: readonly number[]): Run[] {
  const runs: Run[] = [];
  partitions.forEach((partition, at) => {
    const last = runs[runs.length - 1];
    if (last?.partition === partition) runs[runs.length - 1] = { ...last, to: at };
    else runs.push({ partition, from: at, to: at });
  });
  return runs;
}
