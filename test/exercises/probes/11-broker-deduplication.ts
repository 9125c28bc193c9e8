import type { ChosenBatch } from '../support/raw-producer';

interface Answer {
  readonly PartitionLog: new () => { append(batch: ChosenBatch): unknown };
}

/** What the answer says to one batch, as plain data: the offset only where it is a bigint, else in words. */
export interface LogAnswer {
  readonly status: string;
  readonly baseOffset: bigint | string | null;
}

/** Appends the batches to a new log, one after the other. */
export function append(answer: Answer, batches: readonly ChosenBatch[]): LogAnswer[] {
  const log = new answer.PartitionLog();
  return batches.map((batch) => {
    const result: unknown = log.append({ ...batch });
    if (typeof result !== 'object' || result === null)
      return { status: `${String(result)}`, baseOffset: null };
    const { status, baseOffset } = result as { status?: unknown; baseOffset?: unknown };
    return {
      status: String(status),
      baseOffset:
        typeof baseOffset === 'bigint' || baseOffset === undefined ? (baseOffset ?? null) : plain(baseOffset),
    };
  });
}

function plain(value: unknown): string {
  return `${typeof value === 'number' ? value : ''} (${typeof value})`.trim();
}
