import { useKafka } from '../../broker/index';
import { benchmark } from './benchmark';
import type { BenchmarkResult, BenchmarkSettings } from './benchmark';
import { compareBenchmarks } from './compare-benchmarks';
import { textTable } from '../../support/text-table';

export interface BenchmarkCommand {
  readonly settings?: BenchmarkSettings;
  /** Compares `settings` with these in interleaved rounds. */
  readonly against?: BenchmarkSettings;
  readonly rounds?: number;
}

/** The benchmark for the command line: progress on stderr, the figures on stdout. */
export async function runBenchmarkCommand(command: BenchmarkCommand = {}): Promise<void> {
  const { settings = {}, against, rounds } = command;
  const kafka = await useKafka({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  try {
    if (against === undefined) {
      const progress = new ProgressLine();
      const result = await benchmark(kafka, settings, {
        onProgress: ({ phase, acknowledged, messages }) =>
          progress.show(`${phase}: ${acknowledged} of ${messages} messages are acknowledged`),
      });
      progress.clear();
      process.stdout.write(`${benchmarkTable([['', result]])}\n`);
      return;
    }
    const [first, second] = [
      { name: 'first', settings },
      { name: 'second', settings: against },
    ];
    const progress = new ProgressLine();
    const comparison = await compareBenchmarks(kafka, first, second, {
      rounds,
      onRound: (round, all) => progress.show(`round ${round} of ${all}`),
    });
    progress.clear();
    const rows = comparison.results.flatMap((one): [string, BenchmarkResult][] => [
      ['first', one.first],
      ['second', one.second],
    ]);
    process.stdout.write(`${benchmarkTable(rows)}\n${comparison.sentence}\n`);
  } finally {
    await kafka.stop();
  }
}

/** A row per result. */
export function benchmarkTable(rows: readonly (readonly [name: string, result: BenchmarkResult])[]): string {
  return textTable(
    [
      '',
      'messages/s',
      'MB/s',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'records/batch',
      'requests',
      'compressed to',
      'failed',
    ],
    rows.map(([name, result]) => [
      name,
      Math.round(result.messagesPerSecond),
      result.megabytesPerSecond.toFixed(1),
      result.latencyMs.p50.toFixed(1),
      result.latencyMs.p95.toFixed(1),
      result.latencyMs.p99.toFixed(1),
      result.recordsPerBatch.toFixed(1),
      result.requests,
      `${Math.round(result.compressionRatio * 100)} %`,
      result.failed,
    ]),
  );
}

const REDRAW_MS = 200;

/** One line that is written over; nothing where stderr is no terminal. */
class ProgressLine {
  #shownMs = -Infinity;

  show(text: string): void {
    const nowMs = performance.now();
    if (!process.stderr.isTTY || nowMs - this.#shownMs < REDRAW_MS) return;
    this.#shownMs = nowMs;
    process.stderr.write(`\r\u001b[K${text}`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}
