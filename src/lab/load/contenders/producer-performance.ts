/** The last line of Java's ProducerPerformance: what came after the warm-up. */
export interface ProducerPerformanceTotal {
  readonly records: number;
  readonly recordsPerSecond: number;
  /** In whole milliseconds, which is all that the tool counts. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly p999: number };
}

const TOTAL =
  /^(\d+)( steady state)? records sent, ([\d.]+) records\/sec \([\d.]+ MB\/sec\), [\d.]+ ms avg latency, [\d.]+ ms max latency, (\d+) ms 50th, \d+ ms 95th, (\d+) ms 99th, (\d+) ms 99\.9th\.$/;

/** Null for any other line: progress, and the total that includes the warm-up when there was one. */
export function parseTotal(line: string, { warm }: { warm: boolean }): ProducerPerformanceTotal | null {
  const [, records, steady, rate, p50, p99, p999] = TOTAL.exec(line) ?? [];
  if (records === undefined || (steady !== undefined) !== warm) return null;
  return {
    records: Number(records),
    recordsPerSecond: Number(rate),
    latencyMs: { p50: Number(p50), p99: Number(p99), p999: Number(p999) },
  };
}

const WINDOW =
  /^(\d+) records sent, ([\d.]+) records\/sec \([\d.]+ MB\/sec\), [\d.]+ ms avg latency, [\d.]+ ms max latency\.$/;
/** Stands before the first window after the warm-up. */
const STEADY_STATE = 'In steady state.';
const FEWEST_WINDOWS = 3;

/**
 * The rate after the warm-up by the tool's own windows, the first one left out: in that the tool waits for up to
 * `buffer.memory` of records of the warm-up, which its total counts as time and not as records. Null for fewer windows
 * than say anything.
 */
export function steadyRate(lines: readonly string[]): number | null {
  const start = lines.indexOf(STEADY_STATE);
  if (start === -1) return null;
  const windows = lines.slice(start + 1).flatMap((line) => {
    const [, records, recordsPerSecond] = WINDOW.exec(line) ?? [];
    return records === undefined
      ? []
      : [{ records: Number(records), seconds: Number(records) / Number(recordsPerSecond) }];
  });
  const counted = windows.slice(1).filter(({ records }) => records > 0);
  if (counted.length < FEWEST_WINDOWS) return null;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return sum(counted.map(({ records }) => records)) / sum(counted.map(({ seconds }) => seconds));
}
