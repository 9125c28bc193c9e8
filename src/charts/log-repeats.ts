import { formatCount, formatRecords } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface LogEntry {
  readonly offset: number;
  /** In the order of sending. */
  readonly order: number;
}

export interface LogRepeats {
  /** One partition's log, in the order of its offsets. */
  readonly log: readonly LogEntry[];
  readonly subtitle?: string;
}

const KINDS = ['for the first time', 'again'] as const;

/** A log as a staircase: each entry a point. What was written twice is a step back, in another colour and shape. */
export function logRepeatsChart({ log, subtitle }: LogRepeats): VegaLiteSpec {
  const seen = new Set<number>();
  const values = log.map(({ offset, order }) => {
    const again = seen.has(order);
    seen.add(order);
    return { offset, order, kind: KINDS[again ? 1 : 0] };
  });
  const repeats = values.filter(({ kind }) => kind === 'again').length;
  const title =
    log.length === 0
      ? 'The log is empty'
      : repeats === 0
        ? `${formatRecords(log.length)} in the log, each of them once`
        : `${formatCount(repeats)} of ${formatRecords(log.length)} in the log are there for the second time`;
  const scale = { domain: [...KINDS], range: [COLOURS.blue, COLOURS.vermillion] };
  return chartSpec(
    { title, subtitle, description: `Scatter plot of a log: orders by offset. ${title}.` },
    {
      height: 220,
      data: { values },
      mark: { type: 'point', filled: true, size: 70 },
      encoding: {
        x: {
          field: 'offset',
          type: 'quantitative',
          title: 'offset in the log',
          axis: { format: 'd', tickMinStep: 1 },
          scale: { domain: [0, Math.max(1, ...log.map(({ offset }) => offset))], nice: false },
        },
        y: {
          field: 'order',
          type: 'quantitative',
          title: 'number of the order',
          axis: { format: 'd', tickMinStep: 1 },
          scale: { domain: [0, Math.max(1, ...log.map(({ order }) => order))] },
        },
        color: { field: 'kind', type: 'nominal', scale },
        shape: {
          field: 'kind',
          type: 'nominal',
          scale: { domain: [...KINDS], range: ['circle', 'diamond'] },
        },
        tooltip: ['offset', 'order', 'kind'].map((field) => ({ field })),
      },
    },
  );
}
