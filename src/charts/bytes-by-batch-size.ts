import { formatBytes } from './format-duration';
import { chartSpec, SERIES_COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface BytesByBatchSize {
  readonly points: readonly {
    readonly codec: string;
    /** `batch.size` in bytes. */
    readonly batchSize: number;
    readonly bytesPerRecord: number;
  }[];
  readonly subtitle?: string;
}

/** Room above the highest point. */
const HEADROOM = 1.1;

/** Draws how many bytes one record takes in the log, as batches grow: a line for each codec. */
export function bytesByBatchSizeChart({ points, subtitle }: BytesByBatchSize): VegaLiteSpec {
  const title = finding(points);
  const codecs = [...new Set(points.map(({ codec }) => codec))];
  const sizes = [...new Set(points.map(({ batchSize }) => batchSize))].sort((a, b) => a - b).map(sizeName);
  const values = points.map(({ codec, batchSize, bytesPerRecord }) => ({
    codec,
    batchSize: sizeName(batchSize),
    bytesPerRecord,
  }));
  const highest = Math.max(0, ...points.map(({ bytesPerRecord }) => bytesPerRecord));
  const figures = values.map(
    ({ codec, batchSize, bytesPerRecord }) => `${codec} at ${batchSize}: ${Math.round(bytesPerRecord)}`,
  );
  return chartSpec(
    { title, subtitle, description: `Bytes per record by batch size. ${title}. ${figures.join(', ')}.` },
    {
      data: { values },
      mark: { type: 'line', point: { size: 60, filled: true }, strokeWidth: 2.5 },
      encoding: {
        x: {
          field: 'batchSize',
          type: 'ordinal',
          sort: sizes,
          title: 'batch.size',
          scale: { padding: 0.5 },
        },
        y: {
          field: 'bytesPerRecord',
          type: 'quantitative',
          title: 'bytes in the log per record',
          scale: { domainMin: 0, domainMax: highest * HEADROOM || 1 },
        },
        color: {
          field: 'codec',
          type: 'nominal',
          sort: codecs,
          scale: { domain: codecs, range: SERIES_COLOURS.slice(0, codecs.length) },
        },
        strokeDash: { field: 'codec', type: 'nominal', sort: codecs, scale: { domain: codecs } },
        tooltip: [
          { field: 'codec' },
          { field: 'batchSize', title: 'batch.size' },
          { field: 'bytesPerRecord', format: '.1f' },
        ],
      },
    },
  );
}

/** A `batch.size` of 1 holds one record all the same: there is no smaller batch. */
function sizeName(batchSize: number): string {
  return batchSize <= 1 ? 'one record' : formatBytes(batchSize);
}

function finding(points: BytesByBatchSize['points']): string {
  const [best] = [...points].sort((a, b) => a.bytesPerRecord - b.bytesPerRecord);
  if (best === undefined) return 'Nothing was measured';
  const [smallest] = points
    .filter(({ codec }) => codec === best.codec)
    .sort((a, b) => a.batchSize - b.batchSize);
  const from = `${Math.round(smallest?.bytesPerRecord ?? NaN)} bytes`;
  const how =
    (smallest?.batchSize ?? 0) <= 1 ? 'in a batch of its own' : `at ${sizeName(smallest!.batchSize)}`;
  return `With ${best.codec} a record takes ${from} ${how}, and ${Math.round(best.bytesPerRecord)} at ${sizeName(best.batchSize)}`;
}
