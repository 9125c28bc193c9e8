import { chartSpec, COLOURS, PLOT_SIZE } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

/** The outcome of a batch that is sent to a partition with chosen producer id, epoch and sequence. */
export type BatchAnswer =
  'appended' | 'duplicate' | 'out-of-order-sequence' | 'invalid-producer-epoch' | 'other';

export interface AnsweredBatch {
  /** A short name of the batch, for example `0×2` for sequence 0 and two records. */
  readonly label: string;
  /** One for each series, in their order. */
  readonly answers: readonly [BatchAnswer, BatchAnswer];
  /** The same with offsets, for the tooltip. Equal texts are an agreement, different ones are not. */
  readonly details: readonly [string, string];
}

export interface BatchAnswers {
  /** The two that are compared, the reference first. */
  readonly series: readonly [string, string];
  readonly rows: readonly { readonly name: string; readonly batches: readonly AnsweredBatch[] }[];
  readonly subtitle?: string;
}

const ANSWERS: readonly (readonly [BatchAnswer, string])[] = [
  ['appended', COLOURS.sky],
  ['duplicate', COLOURS.green],
  ['out-of-order-sequence', COLOURS.orange],
  ['invalid-producer-epoch', COLOURS.purple],
  ['other', COLOURS.grey],
];
const ROW_HEIGHT = 38;

/** Draws each partition or story as a row of batches: the two outcomes side by side, framed where they differ. */
export function batchAnswersChart({ series, rows, subtitle }: BatchAnswers): VegaLiteSpec {
  const batches = rows.flatMap((row) =>
    row.batches.map((batch, index) => ({ ...batch, row: row.name, number: String(index + 1) })),
  );
  const differing = batches.filter(({ details: [one, other] }) => one !== other);
  const title =
    batches.length === 0
      ? 'There are no batches to compare'
      : differing.length === 0
        ? `${capitalise(series[0])} and ${series[1]} agree on all ${batches.length} batches`
        : `${capitalise(series[0])} and ${series[1]} differ on ${differing.length} of ${batches.length} batches`;
  const values = batches.flatMap(({ row, number, label, answers, details }) =>
    series.map((name, index) => ({
      row,
      batch: number,
      series: name,
      label,
      answer: answers[index]!,
      detail: details[index]!,
    })),
  );
  const longest = Math.max(1, ...rows.map((row) => row.batches.length));
  const numbers = Array.from({ length: longest }, (_, index) => String(index + 1));
  const names = rows.map(({ name }) => name);
  const used = ANSWERS.filter(([answer]) => values.some((value) => value.answer === answer));
  const x = {
    field: 'batch',
    type: 'nominal',
    sort: numbers,
    scale: { domain: numbers, paddingInner: 0.15, paddingOuter: 0.1 },
    title: `batches as they were sent (sequence × records): left ${series[0]}, right ${series[1]}`,
  };
  const y = {
    field: 'row',
    type: 'nominal',
    sort: names,
    scale: { paddingInner: 0.14, paddingOuter: 0.1 },
    title: null,
    axis: { labelLimit: 220, grid: false },
  };
  const tooltip = ['row', 'batch', 'label', 'series', 'detail'].map((field) => ({ field, title: field }));
  return chartSpec(
    { title, subtitle, description: describe(title, series, rows) },
    {
      width: Math.max(PLOT_SIZE.width, longest * 62),
      height: Math.max(1, rows.length) * ROW_HEIGHT,
      data: { values },
      layer: [
        {
          mark: { type: 'rect', cornerRadius: 2 },
          encoding: {
            x,
            y,
            xOffset: { field: 'series', type: 'nominal', sort: [...series] },
            color: {
              field: 'answer',
              type: 'nominal',
              scale: { domain: used.map(([answer]) => answer), range: used.map(([, colour]) => colour) },
            },
            tooltip,
          },
        },
        {
          data: { values: differing.map(({ row, number }) => ({ row, batch: number })) },
          mark: { type: 'rect', filled: false, stroke: COLOURS.vermillion, strokeWidth: 3 },
          encoding: { x, y },
        },
        {
          data: { values: batches.map(({ row, number, label }) => ({ row, batch: number, label })) },
          mark: { type: 'text', fontSize: 11, fontWeight: 500 },
          encoding: { x, y, text: { field: 'label' } },
        },
      ],
    },
  );
}

function describe(title: string, series: readonly [string, string], rows: BatchAnswers['rows']): string {
  const told = rows.map(({ name, batches }) => {
    const answers = batches.map(({ label, details: [one, other] }) => {
      return one === other ? `${label} ${one}` : `${label} ${series[0]}: ${one}, ${series[1]}: ${other}`;
    });
    return `${name}: ${answers.join('; ')}`;
  });
  return `Table of batches and their results. ${title}. ${told.join('. ')}.`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
