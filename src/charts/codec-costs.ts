import { formatShare } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface CodecCosts {
  /** What was compressed, as the beginning of a sentence: "Orders". */
  readonly payload: string;
  readonly codecs: readonly {
    readonly type: string;
    /** Of the bytes without compression: 1 for `none`. */
    readonly ratio: number;
    readonly microsecondsPerRecord: number;
  }[];
  readonly subtitle?: string;
}

/** A codec that saves less than this share is not worth its CPU time. */
const WORTH_IT = 0.97;
const PANEL = { width: 235, height: 150 } as const;

/** Draws the bytes that are left and the CPU time, side by side: one row for each codec. */
export function codecCostsChart({ payload, codecs, subtitle }: CodecCosts): VegaLiteSpec {
  const title = finding(payload, codecs);
  const names = codecs.map(({ type }) => type);
  const values = codecs.map(({ type, ratio, microsecondsPerRecord }) => ({
    codec: type,
    percent: ratio * 100,
    micros: microsecondsPerRecord,
  }));
  const panel = (
    field: 'percent' | 'micros',
    name: string,
    colour: string,
    format: string,
    first: boolean,
  ) => {
    const longest = Math.max(...values.map((value) => value[field]));
    const x = {
      field,
      type: 'quantitative',
      title: name,
      scale: { domainMin: 0, domainMax: longest * 1.2 || 1 },
      axis: field === 'percent' ? { values: [0, 25, 50, 75, 100] } : { tickCount: 4 },
    };
    const axis = first ? { grid: false } : { labels: false, ticks: false, grid: false };
    const y = { field: 'codec', type: 'nominal', sort: names, title: null, axis };
    return {
      ...PANEL,
      layer: [
        {
          mark: { type: 'bar', color: colour, cornerRadiusEnd: 2 },
          encoding: { x, y, tooltip: [{ field: 'codec' }, { field, title: name, format }] },
        },
        {
          mark: { type: 'text', align: 'left', dx: 4, fontSize: 12 },
          encoding: { x, y, text: { field, type: 'quantitative', format } },
        },
      ],
    };
  };
  const figures = codecs.map(
    ({ type, ratio, microsecondsPerRecord }) =>
      `${type}: ${formatShare(ratio)} of the bytes, ${microsecondsPerRecord.toFixed(2)} µs`,
  );
  const {
    width: _width,
    height: _height,
    ...spec
  } = chartSpec(
    { title, subtitle, description: `Bytes left and CPU time per record. ${title}. ${figures.join('; ')}.` },
    {
      data: { values },
      hconcat: [
        panel('percent', 'bytes left (% of none)', COLOURS.blue, '.0f', true),
        panel('micros', 'CPU (µs per record)', COLOURS.orange, '.2f', false),
      ],
    },
  );
  return spec;
}

function finding(payload: string, codecs: CodecCosts['codecs']): string {
  const smallest = least(codecs, ({ ratio }) => ratio);
  if (smallest === undefined) return `${payload}: nothing was measured`;
  if (smallest.ratio > WORTH_IT) {
    return `${payload}: no codec saves anything, and each one costs CPU time`;
  }
  const left = `${smallest.type} leaves the fewest bytes, ${formatShare(smallest.ratio)}`;
  const halved = least(
    codecs.filter(({ ratio }) => ratio <= 0.5),
    ({ microsecondsPerRecord }) => microsecondsPerRecord,
  );
  if (halved === undefined) return `${payload}: ${left}; none halves them`;
  if (halved.type === smallest.type) return `${payload}: ${left}, and is the cheapest that halves them`;
  return `${payload}: ${left}; ${halved.type} is the cheapest that halves them`;
}

function least<T>(items: readonly T[], by: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || by(item) < by(best) ? item : best),
    undefined,
  );
}
