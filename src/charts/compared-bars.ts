import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

/** `baseline`: what the answer is compared with. `answer`: what is judged. `best`: the goal. `other`: shown beside them. */
export type BarRole = 'baseline' | 'answer' | 'best' | 'other';

export interface ComparedBar {
  readonly name: string;
  /** In the chart's unit; 0 or more. */
  readonly value: number;
  readonly role: BarRole;
}

export interface ComparedBars {
  readonly bars: readonly ComparedBar[];
  /** What the bars measure, with its unit: the title of the axis. */
  readonly measure: string;
  /** The finding, as a sentence. */
  readonly title: string;
  readonly subtitle?: string;
  /** Digits after the point; 0 when left out. */
  readonly decimals?: number;
}

const ROLE_COLOURS: Readonly<Record<BarRole, string>> = {
  baseline: COLOURS.grey,
  answer: COLOURS.blue,
  best: COLOURS.green,
  other: COLOURS.sky,
};

/** Room above the longest bar for its figure. */
const HEADROOM = 1.1;

/** Draws one bar for each of a few candidates: a baseline beside an answer, or codecs side by side. */
export function comparedBarsChart(comparison: ComparedBars): VegaLiteSpec {
  const { bars, measure, title, subtitle, decimals = 0 } = comparison;
  for (const { name, value } of bars) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new RangeError(`A bar is 0 or more long, and "${name}" is ${value}.`);
    }
  }
  const format = `,.${decimals}f`;
  const figure = new Intl.NumberFormat('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  const names = bars.map(({ name }) => name);
  const position = {
    x: {
      field: 'name',
      type: 'nominal',
      sort: names,
      title: null,
      scale: { domain: names, paddingInner: 0.35, paddingOuter: 0.25 },
      axis: { labelLimit: 200 },
    },
    y: {
      field: 'value',
      type: 'quantitative',
      title: measure,
      scale: { domainMin: 0, domainMax: Math.max(...bars.map(({ value }) => value)) * HEADROOM || 1 },
      axis: { tickCount: 5 },
    },
  };
  const roles = Object.keys(ROLE_COLOURS);
  const color = {
    field: 'role',
    type: 'nominal',
    scale: { domain: roles, range: Object.values(ROLE_COLOURS) },
    legend: null,
  };
  const tooltip = [
    { field: 'name', title: 'candidate' },
    { field: 'value', type: 'quantitative', title: measure, format },
  ];
  const figures = bars.map(({ name, value }) => `${name}: ${figure.format(value)}`).join(', ');
  return chartSpec(
    { title, subtitle, description: `Bar chart of ${measure}. ${title}. ${figures}.` },
    {
      data: { values: bars.map(({ name, value, role }) => ({ name, value, role })) },
      layer: [
        {
          mark: { type: 'bar', cornerRadiusEnd: 2 },
          encoding: { ...position, color, tooltip },
        },
        {
          mark: { type: 'text', baseline: 'bottom', dy: -3, fontSize: 12 },
          encoding: { ...position, text: { field: 'value', type: 'quantitative', format } },
        },
      ],
    },
  );
}
