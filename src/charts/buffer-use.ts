import type { TraceEvent } from '../trace/trace-event';
import { formatBytes } from './format-duration';
import { formatShare } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface BufferUse {
  readonly events: readonly TraceEvent[];
  /** `buffer.memory`. */
  readonly totalBytes: number;
  readonly subtitle?: string;
}

const MOST_POINTS = 600;
const KILOBYTE = 1024;

/** Draws how much of `buffer.memory` was taken over time: the records without an acknowledgement, in whole batches. */
export function bufferUseChart({ events, totalBytes, subtitle }: BufferUse): VegaLiteSpec {
  const startMs = events[0]?.atMs ?? 0;
  const samples = events.flatMap((event) =>
    event.stage === 'memory'
      ? [{ atMs: event.atMs - startMs, usedBytes: totalBytes - event.availableBytes }]
      : [],
  );
  const peak = samples.reduce((most, { usedBytes }) => Math.max(most, usedBytes), 0);
  const left = samples[samples.length - 1]?.usedBytes ?? 0;
  const end = left === 0 ? 'all of it came back' : `${formatBytes(left)} never came back`;
  const title =
    samples.length === 0
      ? 'No memory was taken'
      : `At most ${formatBytes(peak)} of ${formatBytes(totalBytes)} (${formatShare(peak / totalBytes)}) were taken, and ${end}`;
  const values = thinned(samples).map(({ atMs, usedBytes }) => ({
    atMs,
    usedKilobytes: usedBytes / KILOBYTE,
  }));
  return chartSpec(
    { title, subtitle, description: `Use of buffer.memory over time. ${title}.` },
    {
      height: 170,
      data: { values },
      mark: {
        type: 'area',
        interpolate: 'step-after',
        color: COLOURS.green,
        opacity: 0.6,
        line: { color: COLOURS.green },
      },
      encoding: {
        x: {
          field: 'atMs',
          type: 'quantitative',
          title: 'since the first send() (ms)',
          scale: { domain: [0, Math.max(1, samples[samples.length - 1]?.atMs ?? 0)] },
        },
        y: {
          field: 'usedKilobytes',
          type: 'quantitative',
          title: 'taken (KB)',
          scale: { domain: [0, Math.max(1, peak / KILOBYTE)] },
          axis: { tickCount: 5, format: ',.0f' },
        },
        tooltip: [{ field: 'atMs' }, { field: 'usedKilobytes', format: ',.1f' }],
      },
    },
  );
}

/** Thins the points out: keeps the fullest of each few neighbours, so that no peak is lost, and always the last. */
function thinned<T extends { readonly usedBytes: number }>(samples: readonly T[]): T[] {
  const step = Math.max(1, Math.ceil(samples.length / MOST_POINTS));
  if (step === 1) return [...samples];
  const kept: T[] = [];
  for (let at = 0; at < samples.length; at += step) {
    const few = samples.slice(at, at + step);
    kept.push(few.reduce((most, sample) => (sample.usedBytes > most.usedBytes ? sample : most)));
  }
  const last = samples[samples.length - 1];
  return last === undefined || kept[kept.length - 1] === last ? kept : [...kept, last];
}
