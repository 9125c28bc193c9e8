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
