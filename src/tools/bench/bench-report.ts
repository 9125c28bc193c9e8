import { formatCount } from '../../charts/format-number';
import { producerComparisonChart } from '../../charts/producer-comparison';
import type { VegaLiteSpec } from '../../charts/vega-lite-spec';
import { terminalTable } from '../../course/report/terminal-table';
import type { Column } from '../../course/report/terminal-table';
import { REFERENCE } from '../../lab/load/contenders/contender';
import type { BenchResult } from './bench';
import type { BenchPlan } from './plan';
import { rateOver } from './result';
import type { BenchRow } from './result';

const NOTHING = '–';
const MEGABYTE = 1024 * 1024;

const COLUMNS: readonly (Column & { readonly cell: (row: BenchRow) => string })[] = [
  { head: 'client', cell: ({ name }) => name },
  { head: 'idempotent', cell: ({ idempotent }) => (idempotent ? 'yes' : 'no') },
  { head: 'records/s', align: 'right', cell: (row) => formatCount(row.recordsPerSecond) },
  { head: 'MB/s', align: 'right', cell: (row) => row.megabytesPerSecond.toFixed(1) },
  { head: '× Java lz4', align: 'right', cell: ({ ratioToJava }) => ratio(ratioToJava) },
  { head: 'p50 ms', align: 'right', cell: ({ latencyMs }) => latencyMs.p50.toFixed(1) },
  { head: 'p99 ms', align: 'right', cell: ({ latencyMs }) => latencyMs.p99.toFixed(1) },
  { head: 'p99.9 ms', align: 'right', cell: ({ latencyMs }) => latencyMs.p999.toFixed(1) },
  {
    head: 'CPU s/million',
    align: 'right',
    cell: ({ cpuSecondsPerMillionRecords }) => cpuSecondsPerMillionRecords.toFixed(2),
  },
  {
    head: 'peak MB',
    align: 'right',
    cell: ({ peakMemoryBytes }) => formatCount(peakMemoryBytes / MEGABYTE),
  },
];

function ratio(value: number | null): string {
  return value === null ? NOTHING : value.toFixed(2);
}

/** Everything that was measured, as text for the terminal. */
export function benchText(result: BenchResult): string {
  const sections = [
    ...bySize(result.throughput).map(([size, rows]) => ({
      heading: `${formatCount(size)} B, as fast as they are taken (latency is the length of the queue then)`,
      rows,
      columns: COLUMNS,
    })),
    {
      heading: '1,000 records/s of 100 B, linger.ms 0',
      rows: result.paced,
      columns: COLUMNS.filter(({ head }) => !['× Java lz4', 'MB/s'].includes(head)),
    },
    {
      heading: 'How cost grows',
      rows: result.scaling,
      columns: [
        { head: 'partitions', align: 'right' as const, cell: (row: BenchRow) => String(row.partitions) },
        {
          head: 'record bytes',
          align: 'right' as const,
          cell: (row: BenchRow) => formatCount(row.sizeInBytes),
        },
        ...COLUMNS.filter(({ head }) => head !== 'idempotent'),
      ],
    },
  ];
  return sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ heading, rows, columns }) => `${heading}\n${table(columns, rows)}`)
    .concat(findings(result), failures(result))
    .filter((text) => text !== '')
    .join('\n\n');
}

function table(columns: typeof COLUMNS, rows: readonly BenchRow[]): string {
  return terminalTable(
    columns,
    rows.map((row) => columns.map(({ cell }) => cell(row))),
  );
}

function bySize(rows: readonly BenchRow[]): [number, BenchRow[]][] {
  const sizes = [...new Set(rows.map(({ sizeInBytes }) => sizeInBytes))];
  return sizes.map((size) => [size, rows.filter(({ sizeInBytes }) => sizeInBytes === size)]);
}

function failures({ failures: failed }: BenchResult): string {
  return failed
    .map(
      ({ name, sizeInBytes, round, message }) =>
        `${name}, ${sizeInBytes} B, round ${round + 1} failed: ${message}`,
    )
    .join('\n');
}

/** One sentence for each pair that the producer is meant to stand up to. */
export function findings({ throughput, paced }: BenchResult): string {
  const pairs: [string, string][] = [
    ['ours lz4', REFERENCE],
    ['ours none', 'Java none'],
    ['ours none', 'platformatic none'],
    ['ours lz4', 'platformatic lz4'],
    ['ours zstd', 'platformatic zstd'],
    ['ours lz4', 'kafkajs arrays of 1000'],
    ['ours none', 'kafkajs arrays of 1000'],
  ];
  const lines = bySize(throughput).flatMap(([size, rows]) =>
    pairs.flatMap(([first, second]) => {
      const times = ratioBetween(rows, first, second);
      return times === null
        ? []
        : [`${formatCount(size)} B: ${first} sends ${times.toFixed(2)} times as much as ${second}.`];
    }),
  );
  const [java, ours] = ['Java none', 'ours none'].map((name) => paced.find((row) => row.name === name));
  if (java !== undefined && ours !== undefined) {
    lines.push(
      `At 1,000 records/s, p99 is ${ours.latencyMs.p99.toFixed(2)} ms with ours and ${java.latencyMs.p99} ms with Java's, whose tool counts whole milliseconds.`,
    );
  }
  return lines.join('\n');
}

function ratioBetween(rows: readonly BenchRow[], first: string, second: string): number | null {
  const [rates = [], others = []] = [first, second].map(
    (name) => rows.find((row) => row.name === name)?.byRound,
  );
  return rateOver(rates, others);
}

/** The chart of what was measured as fast as possible; null where nothing was. */
export function benchChart({ throughput }: BenchResult, plan: BenchPlan): VegaLiteSpec | null {
  if (throughput.length === 0) return null;
  const { rounds, isQuick } = plan;
  const role = ({ client }: BenchRow) => (client === 'ours' ? 'ours' : client === 'java' ? 'java' : 'other');
  const how = `One broker, 6 partitions, acks=all, warm; ${rounds === 1 ? 'one round' : `medians of ${rounds} interleaved rounds, ratios within a round`}.`;
  return producerComparisonChart({
    title: chartTitle(throughput),
    subtitle: isQuick ? `${how} A quick run: it shows that everything works, and not how fast.` : how,
    rows: throughput.map((row) => ({ ...row, role: role(row) })),
  });
}

function chartTitle(rows: readonly BenchRow[]): string {
  const parts = bySize(rows).flatMap(([size, own]) => {
    const times = ratioBetween(own, 'ours lz4', REFERENCE);
    return times === null ? [] : [`${times.toFixed(2)} times as many records of ${formatCount(size)} B`];
  });
  if (parts.length > 0) return `This producer sends ${parts.join(' and ')} as Java's, both with lz4`;
  const fastest = [...rows].sort((a, b) => b.megabytesPerSecond - a.megabytesPerSecond)[0] as BenchRow;
  return `${fastest.name} moves the most bytes: ${fastest.megabytesPerSecond.toFixed(0)} MB/s`;
}
