import { formatCount } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface StoredBatch {
  readonly partition: number;
  readonly baseOffset: number;
  readonly recordCount: number;
  readonly baseSequence: number;
  readonly producerEpoch: number;
  /** True if its acknowledgement was lost, so that it was sent more than once. */
  readonly sentAgain: boolean;
}

export interface LogLayout {
  readonly batches: readonly StoredBatch[];
  readonly partitions: number;
  readonly title?: string;
  readonly subtitle?: string;
}

const KINDS = ['sent once', 'sent again'] as const;

/** Draws the log of each partition as the broker stored it: a bar for each batch, from its first offset to its last. */
export function logLayoutChart({ batches, partitions, title, subtitle }: LogLayout): VegaLiteSpec {
  const again = batches.filter(({ sentAgain }) => sentAgain).length;
  const finding =
    title ??
    `${formatCount(batches.length)} batches in the log, ${again === 0 ? 'none' : formatCount(again)} of them sent more than once`;
  const values = batches.map((batch) => ({
    ...batch,
    partition: String(batch.partition),
    endOffset: batch.baseOffset + batch.recordCount,
    kind: KINDS[batch.sentAgain ? 1 : 0],
  }));
  const rows = Array.from({ length: partitions }, (_, partition) => String(partition));
  return chartSpec(
    { title: finding, subtitle, description: `The batches of each partition by offset. ${finding}.` },
    {
      height: Math.max(1, partitions) * 44,
      data: { values },
      mark: { type: 'bar', stroke: '#FFFFFF', strokeWidth: 0.6 },
      encoding: {
        x: { field: 'baseOffset', type: 'quantitative', title: 'offset (records)', axis: { format: ',d' } },
        x2: { field: 'endOffset' },
        y: { field: 'partition', type: 'nominal', sort: rows, scale: { domain: rows }, title: 'partition' },
        color: {
          field: 'kind',
          type: 'nominal',
          scale: { domain: [...KINDS], range: [COLOURS.sky, COLOURS.vermillion] },
        },
        tooltip: ['baseOffset', 'recordCount', 'baseSequence', 'producerEpoch', 'kind'].map((field) => ({
          field,
        })),
      },
    },
  );
}
