import {
  describeDifference,
  describeSpread,
  totalRecords,
  type RecordsPerPartition,
} from './distribution-finding';
import { formatCount, formatRecords } from './format-number';
import { chartSpec, COLOURS, PLOT_SIZE, SERIES_COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface PartitionDistribution {
  /** What the broker's log holds: records per partition, the index is the partition. */
  readonly measured: RecordsPerPartition;
  /** What it should hold. Drawn in grey beside it, and the title says whether the two agree. */
  readonly expected?: RecordsPerPartition;
  /** Overrides the finding computed from the data: for a grader that knows which records are wrong. */
  readonly title?: string;
  readonly subtitle?: string;
}

export interface DistributionSeries {
  readonly name: string;
  readonly records: RecordsPerPartition;
}

export interface DistributionComparison {
  readonly series: readonly DistributionSeries[];
  readonly title?: string;
  readonly subtitle?: string;
}

/** Room above the longest bar for its figure, which would otherwise run into the legend. */
const HEADROOM = 1.1;
/** Above this many bars figures above them would touch. */
const MAX_LABELLED_BARS = 24;

/** Draws records per partition as bars: what was measured, beside what was expected where that is known. */
export function partitionDistributionChart(distribution: PartitionDistribution): VegaLiteSpec {
  const { measured, expected, subtitle } = distribution;
  checkCounts('measured', measured);
  if (expected !== undefined) checkCounts('expected', expected);
  const title =
    distribution.title ??
    (expected === undefined ? describeSpread(measured) : describeDifference(expected, measured));
  const series: DistributionSeries[] = [{ name: 'measured', records: measured }];
  if (expected !== undefined) series.unshift({ name: 'expected', records: expected });
  const colours = expected === undefined ? [COLOURS.blue] : [COLOURS.grey, COLOURS.blue];
  return distributionSpec({ series, title, subtitle }, colours);
}

/** Draws several distributions as groups of bars, one group per partition: several partitioners, or several kinds of records in one topic. */
export function partitionComparisonChart(comparison: DistributionComparison): VegaLiteSpec {
  for (const { name, records } of comparison.series) checkCounts(name, records);
  if (comparison.series.length === 0 || comparison.series.length > SERIES_COLOURS.length) {
    throw new RangeError(
      `A comparison has 1 to ${SERIES_COLOURS.length} series, and ${comparison.series.length} were given: draw several charts.`,
    );
  }
  const title =
    comparison.title ??
    comparison.series
      .map(({ name, records }) => `${capitalise(name)}: ${describeSpread(records)}`)
      .join('\n');
  return distributionSpec({ ...comparison, title }, SERIES_COLOURS.slice(0, comparison.series.length));
}

interface TitledComparison extends DistributionComparison {
  readonly title: string;
}

function distributionSpec(comparison: TitledComparison, colours: readonly string[]): VegaLiteSpec {
  const { series, title, subtitle } = comparison;
  const partitions = Math.max(1, ...series.map(({ records }) => records.length));
  const names = series.map(({ name }) => name);
  const values = series.flatMap(({ name, records }) =>
    Array.from({ length: partitions }, (_, partition) => ({
      partition: String(partition),
      series: name,
      records: records[partition] ?? 0,
    })),
  );
  // As strings, or Vega would sort partition 10 before partition 2.
  const order = Array.from({ length: partitions }, (_, partition) => String(partition));
  const position = {
    x: {
      field: 'partition',
      type: 'nominal',
      sort: order,
      title: 'partition',
      scale: { paddingInner: 0.25, paddingOuter: 0.15 },
    },
    ...(series.length > 1 ? { xOffset: { field: 'series', type: 'nominal', sort: names } } : {}),
    y: {
      field: 'records',
      type: 'quantitative',
      title: 'records',
      scale: { domainMin: 0, domainMax: Math.max(1, ...values.map((value) => value.records * HEADROOM)) },
      axis: { tickMinStep: 1, format: ',d', tickCount: 5 },
    },
  };
  const colour = {
    field: 'series',
    type: 'nominal',
    sort: names,
    scale: { domain: names, range: colours },
    ...(series.length > 1 ? {} : { legend: null }),
  };
  const tooltip = [
    { field: 'partition', title: 'partition' },
    { field: 'series', title: 'series' },
    { field: 'records', type: 'quantitative', title: 'records', format: ',d' },
  ];
  const bars = {
    mark: { type: 'bar', cornerRadiusEnd: 2 },
    encoding: { ...position, color: colour, tooltip },
  };
  const figures = {
    mark: { type: 'text', baseline: 'bottom', dy: -3, fontSize: series.length * partitions > 14 ? 10 : 12 },
    encoding: { ...position, text: { field: 'records', type: 'quantitative', format: ',d' } },
  };
  return chartSpec(
    { title, subtitle, description: describeForReaders(title, series) },
    {
      ...(partitions > 40 ? { width: partitions * 14 } : { width: PLOT_SIZE.width }),
      data: { values },
      layer: values.length <= MAX_LABELLED_BARS ? [bars, figures] : [bars],
    },
  );
}

function describeForReaders(title: string, series: readonly DistributionSeries[]): string {
  const figures = series.map(({ name, records }) => {
    const counts = records
      .map((count, partition) => `partition ${partition}: ${formatCount(count)}`)
      .join(', ');
    return `${name} (${formatRecords(totalRecords(records))}): ${counts}`;
  });
  return `Bar chart of records per partition. ${title.split('\n').join('. ')}. ${figures.join('; ')}.`;
}

function checkCounts(name: string, records: RecordsPerPartition): void {
  records.forEach((count, partition) => {
    if (!Number.isInteger(count) || count < 0) {
      throw new RangeError(
        `Records per partition are whole numbers from 0, and "${name}" has ${count} for partition ${partition}.`,
      );
    }
  });
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
