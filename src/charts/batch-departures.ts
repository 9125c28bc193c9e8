import { formatCount } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface BatchDeparture {
  readonly waitedMs: number;
  readonly sizeInBytes: number;
  /** Why it left: `full`, `linger`, `flush` …; `no reason` stands out. */
  readonly reason: string;
}

export interface BatchDepartures {
  readonly batches: readonly BatchDeparture[];
  /** Bytes at which a batch is full. */
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly subtitle?: string;
}

const REASONS: readonly (readonly [string, string])[] = [
  ['full', COLOURS.blue],
  ['linger', COLOURS.orange],
  ['memory', COLOURS.green],
  ['flush', COLOURS.purple],
  ['close', COLOURS.sky],
  ['no reason', COLOURS.vermillion],
];

const HEADROOM = 1.12;

/** Draws every batch as a point: how long it waited and how large it was when it left, with the two limits as lines. */
export function batchDeparturesChart({
  batches,
  batchSize,
  lingerMs,
  subtitle,
}: BatchDepartures): VegaLiteSpec {
  const counted = REASONS.map(([reason, colour]) => {
    return { reason, colour, count: batches.filter((batch) => batch.reason === reason).length };
  }).filter(({ count }) => count > 0);
  const told = counted.map(({ reason, count }) => `${formatCount(count)} ${reason}`).join(', ');
  const title = `Why ${formatCount(batches.length)} batches left: ${told === '' ? 'there were none' : told}`;
  const longest = Math.max(1.3 * lingerMs, ...batches.map(({ waitedMs }) => waitedMs));
  const x = {
    field: 'waitedMs',
    type: 'quantitative',
    title: 'waited (ms)',
    scale: { domain: [0, longest], nice: false },
  };
  const y = {
    field: 'sizeInBytes',
    type: 'quantitative',
    title: 'size of the batch (bytes)',
    // Room above the limit for the names of both limits: full batches crowd right beneath it.
    scale: {
      domain: [0, HEADROOM * Math.max(batchSize, ...batches.map(({ sizeInBytes }) => sizeInBytes))],
      nice: false,
    },
  };
  const limit = { type: 'rule', strokeDash: [5, 4], color: COLOURS.grey };
  return chartSpec(
    { title, subtitle, description: `Scatter plot of batches by waiting time and size. ${title}.` },
    {
      layer: [
        { data: { values: [{ waitedMs: lingerMs }] }, mark: limit, encoding: { x } },
        { data: { values: [{ sizeInBytes: batchSize }] }, mark: limit, encoding: { y } },
        {
          data: { values: [{ waitedMs: lingerMs, text: `linger.ms ${lingerMs}` }] },
          mark: { type: 'text', align: 'left', baseline: 'top', dx: 5 },
          encoding: { x, y: { value: 2 }, text: { field: 'text' } },
        },
        {
          data: { values: [{ sizeInBytes: batchSize, text: `batch.size ${formatCount(batchSize)}` }] },
          mark: { type: 'text', align: 'left', baseline: 'bottom', dy: -4 },
          encoding: { x: { value: 4 }, y, text: { field: 'text' } },
        },
        {
          data: { values: [...batches] },
          mark: { type: 'point', filled: true, size: 55, opacity: 0.7 },
          encoding: {
            x,
            y,
            color: {
              field: 'reason',
              type: 'nominal',
              scale: {
                domain: counted.map(({ reason }) => reason),
                range: counted.map(({ colour }) => colour),
              },
            },
            tooltip: [{ field: 'reason' }, { field: 'waitedMs' }, { field: 'sizeInBytes' }],
          },
        },
      ],
    },
  );
}
