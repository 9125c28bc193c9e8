import type { KafkaDescription } from '../../broker/index';
import { benchmark } from '../load/benchmark';
import type { BenchmarkResult, BenchmarkSettings } from '../load/benchmark';

export interface KnobReading extends BenchmarkResult {
  readonly name: string;
  /** The median of how long batches had waited when they left, counted from their first record; whole milliseconds. */
  readonly batchWaitMs: number;
}

export interface KnobOptions {
  /** What stays the same. */
  readonly shared?: BenchmarkSettings;
  readonly onReading?: (reading: KnobReading) => void;
}

const WARMUP_MESSAGES = 300;

/** The same load once for each position of a knob: what one setting does, everything else being equal. */
export async function turnKnob(
  kafka: KafkaDescription,
  positions: Readonly<Record<string, BenchmarkSettings>>,
  { shared = {}, onReading }: KnobOptions = {},
): Promise<KnobReading[]> {
  const { warmupMessages = WARMUP_MESSAGES } = shared;
  const readings: KnobReading[] = [];
  for (const [name, settings] of Object.entries(positions)) {
    let warmUp = warmupMessages;
    const waits: number[] = [];
    const result = await benchmark(
      kafka,
      { ...shared, ...settings, warmupMessages },
      {
        onBatch: ({ records, queuedMs }) => {
          // The warm-up is flushed before the load begins: no batch holds records of both.
          if (warmUp > 0) warmUp -= records;
          else waits.push(queuedMs);
        },
      },
    );
    const reading = { ...result, name, batchWaitMs: median(waits) };
    readings.push(reading);
    onReading?.(reading);
  }
  return readings;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
