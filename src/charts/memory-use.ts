import { formatCount } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface MemorySample {
  readonly atMs: number;
  readonly availableBytes: number;
  /** The number of waiters. */
  readonly waiting: number;
}

export interface MemoryUse {
  readonly samples: readonly MemorySample[];
  readonly totalBytes: number;
  readonly subtitle?: string;
}

const MOST_POINTS = 600;

/** Draws how much of `buffer.memory` is free, and how many callers wait for it, over the time of a run: two panels, one above the other. */
export function memoryUseChart({ samples, totalBytes, subtitle }: MemoryUse): VegaLiteSpec {
  const last = samples.at(-1);
  const mostWaiting = samples.reduce((most, { waiting }) => Math.max(most, waiting), 0);
  const back =
    last === undefined
      ? 'nothing was measured'
      : last.availableBytes === totalBytes
        ? 'all of it came back'
        : `${formatCount(totalBytes - last.availableBytes)} bytes never came back`;
  const title = `Up to ${formatCount(mostWaiting)} waited for ${formatCount(totalBytes)} bytes of memory, and ${back}`;
  const startMs = samples[0]?.atMs ?? 0;
  const step = Math.max(1, Math.ceil(samples.length / MOST_POINTS));
  const values = samples
    .filter((_, index) => index % step === 0 || index === samples.length - 1)
    .map((sample) => ({ ...sample, atMs: sample.atMs - startMs }));
  const x = { field: 'atMs', type: 'quantitative', title: 'since the first allocation (ms)' };
  const panel = (field: string, name: string, colour: string, withAxis: boolean, domainMax: number) => ({
    width: 560,
    height: 120,
    mark: { type: 'area', interpolate: 'step-after', color: colour, opacity: 0.75, line: { color: colour } },
    encoding: {
      x: withAxis ? x : { ...x, title: null },
      y: {
        field,
        type: 'quantitative',
        title: name,
        scale: { domainMin: 0, domainMax },
        axis: { tickMinStep: 1, tickCount: 4, format: ',d' },
      },
      tooltip: [{ field: 'atMs' }, { field: 'availableBytes' }, { field: 'waiting' }],
    },
  });
  const {
    width: _width,
    height: _height,
    ...spec
  } = chartSpec(
    { title, subtitle, description: `Available memory and waiting callers over time. ${title}.` },
    {
      data: { values },
      vconcat: [
        panel('availableBytes', 'free (bytes)', COLOURS.blue, false, totalBytes),
        panel('waiting', 'waiting', COLOURS.orange, true, Math.max(1, mostWaiting)),
      ],
    },
  );
  return spec;
}
