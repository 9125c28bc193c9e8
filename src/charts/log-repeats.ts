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

const KINDS = ['in its place', 'duplicate', 'behind later ones'] as const;
const KIND_COLOURS = [COLOURS.blue, COLOURS.vermillion, COLOURS.orange] as const;
const KIND_SHAPES = ['circle', 'diamond', 'triangle-up'] as const;

/** Draws a log as a staircase of points. A duplicate or a late entry is a step back, in another colour and shape. */
export function logRepeatsChart({ log, subtitle }: LogRepeats): VegaLiteSpec {
  const seen = new Set<number>();
  let latest = -Infinity;
  const values = log.map(({ offset, order }) => {
    const kind = KINDS[seen.has(order) ? 1 : order < latest ? 2 : 0];
    seen.add(order);
    latest = Math.max(latest, order);
    return { offset, order, kind };
  });
  const title = findingOf(values);
  const used = KINDS.map((kind, at) => ({ kind, colour: KIND_COLOURS[at], shape: KIND_SHAPES[at] })).filter(
    ({ kind }) => values.some((value) => value.kind === kind),
  );
  const domain = used.map(({ kind }) => kind);
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
        color: {
          field: 'kind',
          type: 'nominal',
          scale: { domain, range: used.map(({ colour }) => colour) },
        },
        shape: {
          field: 'kind',
          type: 'nominal',
          scale: { domain, range: used.map(({ shape }) => shape) },
        },
        tooltip: ['offset', 'order', 'kind'].map((field) => ({ field })),
      },
    },
  );
}

function findingOf(values: readonly { readonly kind: string | undefined }[]): string {
  const count = (kind: string) => values.filter((value) => value.kind === kind).length;
  const repeats = count('duplicate');
  const late = count('behind later ones');
  const all = `${formatRecords(values.length)} in the log`;
  if (values.length === 0) return 'The log is empty';
  if (repeats > 0) return `${formatCount(repeats)} of ${all} are duplicates`;
  if (late > 0) return `${formatCount(late)} of ${all} lie behind later ones`;
  return `${all}, each once and in order`;
}
