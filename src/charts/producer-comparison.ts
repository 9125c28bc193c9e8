import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface ComparedProducer {
  readonly name: string;
  readonly role: 'ours' | 'java' | 'other';
  readonly sizeInBytes: number;
  readonly recordsPerSecond: number;
}

export interface ProducerComparison {
  /** One for each client and record size. */
  readonly rows: readonly ComparedProducer[];
  /** The finding, as a sentence. */
  readonly title: string;
  readonly subtitle?: string;
}

const ROLE_COLOURS: Readonly<Record<ComparedProducer['role'], string>> = {
  ours: COLOURS.blue,
  java: COLOURS.grey,
  other: COLOURS.sky,
};

const ROLE_NAMES: Readonly<Record<ComparedProducer['role'], string>> = {
  ours: 'this producer',
  java: "Java's producer",
  other: 'other clients',
};

const PANEL_WIDTH = 250;
const BAR_STEP = 24;
/** Room right of the longest bar for its figure. */
const HEADROOM = 1.3;

/** Draws records per second of several clients: a panel for each record size with its own scale, a bar for each client. */
export function producerComparisonChart({ rows, title, subtitle }: ProducerComparison): VegaLiteSpec {
  for (const { name, recordsPerSecond } of rows) {
    if (!(Number.isFinite(recordsPerSecond) && recordsPerSecond >= 0)) {
      throw new RangeError(`A rate is 0 or more, and that of "${name}" is ${recordsPerSecond}.`);
    }
  }
  const sizes = [...new Set(rows.map(({ sizeInBytes }) => sizeInBytes))];
  const names = [...new Set(rows.map(({ name }) => name))];
  const figures = rows
    .map(
      ({ name, sizeInBytes, recordsPerSecond }) =>
        `${name}, ${sizeInBytes} B: ${thousands(recordsPerSecond)}`,
    )
    .join('; ');
  const description = `Bar chart of thousand records per second. ${title}. ${figures}.`;
  const panels = sizes.map((size, index) =>
    panel(
      rows.filter(({ sizeInBytes }) => sizeInBytes === size),
      { names, size, isFirst: index === 0 },
    ),
  );
  const {
    width: _width,
    height: _height,
    ...spec
  } = chartSpec(
    { title, subtitle, description },
    {
      hconcat: panels,
      spacing: 24,
    },
  );
  return spec;
}

function panel(
  rows: readonly ComparedProducer[],
  { names, size, isFirst }: { names: readonly string[]; size: number; isFirst: boolean },
): Record<string, unknown> {
  const values = rows.map(({ name, role, recordsPerSecond }) => ({
    name,
    role: ROLE_NAMES[role],
    thousands: recordsPerSecond / 1000,
    figure: thousands(recordsPerSecond),
  }));
  const longest = Math.max(...values.map((value) => value.thousands));
  const position = {
    y: {
      field: 'name',
      type: 'nominal',
      sort: names,
      title: null,
      scale: { domain: names, paddingInner: 0.3 },
      axis: isFirst ? { labelLimit: 220, ticks: false, domain: false } : null,
    },
    x: {
      field: 'thousands',
      type: 'quantitative',
      title: `thousand records/s of ${size.toLocaleString('en')} B`,
      scale: { domainMin: 0, domainMax: longest * HEADROOM || 1 },
      axis: { grid: true, tickCount: 4 },
    },
  };
  const color = {
    field: 'role',
    type: 'nominal',
    scale: { domain: Object.values(ROLE_NAMES), range: Object.values(ROLE_COLOURS) },
  };
  const tooltip = [
    { field: 'name', title: 'client' },
    { field: 'thousands', type: 'quantitative', title: 'thousand records/s', format: ',.1f' },
  ];
  return {
    width: PANEL_WIDTH,
    height: { step: BAR_STEP },
    data: { values },
    layer: [
      { mark: { type: 'bar', cornerRadiusEnd: 2 }, encoding: { ...position, color, tooltip } },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 12 },
        encoding: { ...position, text: { field: 'figure', type: 'nominal' } },
      },
    ],
  };
}

function thousands(recordsPerSecond: number): string {
  const value = recordsPerSecond / 1000;
  return new Intl.NumberFormat('en', { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
