import type { VegaLiteSpec } from './vega-lite-spec';

/** JupyterLab draws specs of this version; what it does with a v6 one is to show its JSON. */
export const VEGA_LITE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json';

/** The palette of Okabe and Ito: told apart by colour-blind readers, and dark enough on white for bars and lines. */
export const COLOURS = {
  blue: '#0072B2',
  orange: '#E69F00',
  green: '#009E73',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  sky: '#56B4E9',
  black: '#000000',
  grey: '#8C8C8C',
} as const;

/** In the order in which series take them; grey is kept for what a measurement is held against. */
export const SERIES_COLOURS: readonly string[] = [
  COLOURS.blue,
  COLOURS.orange,
  COLOURS.green,
  COLOURS.vermillion,
  COLOURS.purple,
  COLOURS.sky,
];

const INK = '#1F1F1F';
const FAINT = '#5A5A5A';
const GRID = '#E4E4E4';

/** Inter is what pictures are drawn with; a browser that lacks it takes its own sans-serif of much the same width. */
const FONT = 'Inter, "Helvetica Neue", Arial, sans-serif';

/**
 * The look of every chart. The background is white and not transparent: dark text on a notebook's dark theme could not
 * be read, and a picture is copied into slides.
 */
export const THEME = {
  background: '#FFFFFF',
  padding: 14,
  font: FONT,
  view: { stroke: null },
  range: { category: SERIES_COLOURS },
  title: {
    anchor: 'start',
    frame: 'group',
    color: INK,
    fontSize: 16,
    fontWeight: 600,
    lineHeight: 21,
    offset: 14,
    subtitleColor: FAINT,
    subtitleFontSize: 12,
    subtitleLineHeight: 17,
    subtitlePadding: 5,
  },
  axis: {
    labelColor: INK,
    labelFontSize: 12,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 10,
    domainColor: FAINT,
    tickColor: FAINT,
    gridColor: GRID,
    labelOverlap: true,
  },
  axisX: { labelAngle: 0, grid: false },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    title: null,
    labelColor: INK,
    labelFontSize: 12,
    symbolSize: 130,
    symbolType: 'square',
    offset: 10,
  },
  text: { color: INK, fontSize: 11 },
} as const;

/** Where a title breaks: at 16 px, what fits above a plot of the usual width. */
const TITLE_LINE_LENGTH = 64;
const SUBTITLE_LINE_LENGTH = 88;

/** The plot itself, without axes and titles, in CSS pixels. */
export const PLOT_SIZE = { width: 560, height: 260 } as const;

export interface ChartText {
  /** The finding, in one sentence; a line break in it stays one. */
  readonly title: string;
  /** How it was measured, or what to look at. */
  readonly subtitle?: string;
  /** For screen readers: the title and the figures behind it. */
  readonly description: string;
}

/** A whole spec out of its texts and its body (data, marks, encodings). */
export function chartSpec(text: ChartText, body: Readonly<Record<string, unknown>>): VegaLiteSpec {
  const title: Record<string, unknown> = { text: wrapLines(text.title, TITLE_LINE_LENGTH) };
  if (text.subtitle !== undefined) title.subtitle = wrapLines(text.subtitle, SUBTITLE_LINE_LENGTH);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: text.description,
    title,
    width: PLOT_SIZE.width,
    height: PLOT_SIZE.height,
    config: THEME,
    ...body,
  };
}

/** The title of a spec as one line of text, however it was broken; the description where Vega computes the title. */
export function titleOf(spec: VegaLiteSpec): string {
  const title = spec.title as { text?: unknown } | string | undefined;
  const text = typeof title === 'object' ? title.text : title;
  if (Array.isArray(text)) return text.join(' ');
  return typeof text === 'string' ? text : spec.description;
}

/** Breaks at spaces; Vega draws an array of strings as lines. A word longer than a line stays whole. */
export function wrapLines(text: string, maxLength: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, maxLength));
}

function wrapLine(text: string, maxLength: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines[lines.length - 1];
    if (last === undefined || last.length + 1 + word.length > maxLength) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
