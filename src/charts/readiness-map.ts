import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface ReadinessAnswer {
  /** The situation around the batch, for example "flush() is under way". */
  readonly situation: string;
  readonly waitedMs: number;
  readonly sizeInBytes: number;
  readonly goes: boolean;
  readonly shouldGo: boolean;
}

export interface ReadinessMap {
  readonly answers: readonly ReadinessAnswer[];
  readonly subtitle?: string;
}

const KINDS = ['goes', 'stays', 'goes, and should not', 'stays, and should not'] as const;
const RANGE = [COLOURS.sky, '#DDDDDD', COLOURS.vermillion, COLOURS.purple];

/** Draws a map for each situation: how long a batch has waited, how large it is, and whether it goes. Wrong answers stand out. */
export function readinessMapChart({ answers, subtitle }: ReadinessMap): VegaLiteSpec {
  const wrong = answers.filter(({ goes, shouldGo }) => goes !== shouldGo).length;
  const title =
    wrong === 0
      ? `Your rule agrees with Kafka's in all ${answers.length} cases`
      : `Your rule differs from Kafka's in ${wrong} of ${answers.length} cases`;
  const values = answers.map(({ situation, waitedMs, sizeInBytes, goes, shouldGo }) => ({
    situation,
    waitedMs,
    sizeInBytes,
    kind: goes === shouldGo ? KINDS[goes ? 0 : 1] : KINDS[goes ? 2 : 3],
  }));
  const domain = KINDS.filter((kind) => values.some((value) => value.kind === kind));
  const {
    width: _width,
    height: _height,
    ...spec
  } = chartSpec(
    { title, subtitle, description: `Maps of when a batch goes, by waiting time and size. ${title}.` },
    {
      data: { values },
      facet: {
        field: 'situation',
        type: 'nominal',
        sort: [...new Set(answers.map(({ situation }) => situation))],
        title: null,
        header: { labelFontSize: 12, labelAnchor: 'start' },
      },
      columns: 3,
      spec: {
        width: 160,
        height: 110,
        mark: { type: 'rect', stroke: '#FFFFFF', strokeWidth: 1 },
        encoding: {
          x: { field: 'waitedMs', type: 'ordinal', title: 'waited (ms)' },
          y: {
            field: 'sizeInBytes',
            type: 'ordinal',
            sort: 'descending',
            title: 'size (bytes)',
            axis: { labelOverlap: true },
          },
          color: {
            field: 'kind',
            type: 'nominal',
            scale: { domain, range: domain.map((kind) => RANGE[KINDS.indexOf(kind)]) },
          },
          tooltip: ['waitedMs', 'sizeInBytes', 'kind'].map((field) => ({ field })),
        },
      },
    },
  );
  return spec;
}
