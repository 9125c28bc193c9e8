import type { BenchJob, Measurement } from '../job';
import { Meter } from '../meter';

export interface InFlight {
  /** Sends that wait for their response at the same time. */
  readonly sends: number;
  readonly recordsPerSend: number;
}

/** For clients without batching of their own: whoever uses them sends arrays, or many at once. */
export async function keepInFlight(
  { warmupRecords, records }: BenchJob,
  values: readonly Buffer[],
  { sends, recordsPerSend }: InFlight,
  send: (values: readonly Buffer[]) => Promise<unknown>,
): Promise<Measurement> {
  const meter = new Meter();
  const total = warmupRecords + records;
  let next = 0;
  const worker = async () => {
    while (next < total) {
      const from = next;
      const isWarm = from >= warmupRecords;
      const count = Math.min(recordsPerSend, (isWarm ? total : warmupRecords) - from);
      next += count;
      if (isWarm) meter.begin();
      const sentMs = performance.now();
      await send(valuesFrom(values, from, count));
      if (isWarm) meter.acknowledged(sentMs, count);
    }
  };
  await Promise.all(Array.from({ length: sends }, worker));
  return meter.end();
}

function valuesFrom(values: readonly Buffer[], from: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => values[(from + index) % values.length] as Buffer);
}
