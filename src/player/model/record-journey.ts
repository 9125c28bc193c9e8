import type { TraceEvent } from '../../trace/trace-event';
import type { RunIndex } from './run-index';

/** Positions of everything that happened to a record, its batch and their requests, in order. */
export function journeyOf(record: number, index: RunIndex): number[] {
  const entry = index.records.get(record);
  if (entry === undefined) return [];
  const positions: number[] = [];
  // Between send() and the batch a record is looked for by its number; afterwards by what carried it.
  const end = lastOf(entry.appendedAt, entry.rejectedAt);
  for (let at = Math.max(0, entry.sentAt); at <= end; at++) {
    const event = index.events[at]!;
    if ('record' in event && event.record === record) positions.push(at);
  }
  if (entry.batch !== -1) positions.push(...stepsOfBatch(entry.batch, index));
  for (const piece of index.batches.values()) {
    if (
      piece.parent !== -1 &&
      hasAncestor(piece.batch, entry.batch, index) &&
      index.recordsOf(piece.batch).includes(record)
    )
      positions.push(...stepsOfBatch(piece.batch, index));
  }
  if (entry.completedAt !== -1) positions.push(entry.completedAt);
  return [...new Set(positions)].sort((one, other) => one - other);
}

/** Positions of what happened to a batch as a whole. */
export function stepsOfBatch(batch: number, index: RunIndex): number[] {
  const entry = index.batches.get(batch);
  if (entry === undefined) return [];
  const requests = entry.requests.map((request) => index.requests.get(request)!);
  const steps = [
    entry.openedAt,
    ...entry.drainedAt,
    ...requests.flatMap(({ sentAt, responseAt }) => [sentAt, responseAt]),
    ...logPositions(batch, index),
    ...retriesOf(entry.openedAt, entry.endedAt, batch, index),
    entry.endedAt,
  ];
  return [...new Set(steps.filter((at) => at !== -1))].sort((one, other) => one - other);
}

function logPositions(batch: number, index: RunIndex): number[] {
  return [...index.batchOfLogEvent].filter(([, one]) => one.batch === batch).map(([position]) => position);
}

function retriesOf(from: number, to: number, batch: number, index: RunIndex): number[] {
  const found: number[] = [];
  const end = to === -1 ? index.events.length - 1 : to;
  for (let at = Math.max(0, from); at <= end; at++) {
    const event: TraceEvent = index.events[at]!;
    if (event.stage === 'batch-retried' && event.batch === batch) found.push(at);
  }
  return found;
}

function hasAncestor(piece: number, ancestor: number, index: RunIndex): boolean {
  for (let at = index.batches.get(piece); at !== undefined; at = index.batches.get(at.parent)) {
    if (at.batch === ancestor) return true;
  }
  return false;
}

function lastOf(...positions: readonly number[]): number {
  return Math.max(...positions);
}
