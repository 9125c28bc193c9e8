import { partitionName } from './run-index';
import type { RunIndex } from './run-index';

/** What one run came to, in figures that can be held against another's. */
export interface RunSummary {
  readonly sends: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly rejected: number;
  readonly requests: number;
  readonly batches: number;
  /** Records for each batch that was opened by send(). */
  readonly recordsPerBatch: number;
  readonly bytesSent: number;
  readonly retries: number;
  readonly epochBumps: number;
  readonly splits: number;
  /** Records that the brokers hold more often than once. */
  readonly duplicates: number;
  /** Acknowledged records that stand in their log before one whose send() was called earlier. */
  readonly outOfOrder: number;
  /** Records that failed although a broker has written them. */
  readonly failedButWritten: number;
  /** From send() to the callback, of acknowledged records, in milliseconds; NaN without any. */
  readonly medianLatencyMs: number;
  readonly highestLatencyMs: number;
  readonly endMs: number;
}

/** Of the whole run, or of what had happened by a position. */
export function summarize(index: RunIndex, upTo = index.events.length): RunSummary {
  const latencies: number[] = [];
  let sends = 0;
  let acknowledged = 0;
  let failed = 0;
  let rejected = 0;
  const happened = (position: number) => position !== -1 && position < upTo;
  for (const entry of index.records.values()) {
    if (happened(entry.sentAt)) sends++;
    if (happened(entry.rejectedAt)) rejected++;
    if (!happened(entry.completedAt)) continue;
    if (!entry.isAcknowledged) failed++;
    else {
      acknowledged++;
      if (entry.sentAt !== -1)
        latencies.push(index.events[entry.completedAt]!.atMs - index.events[entry.sentAt]!.atMs);
    }
  }
  latencies.sort((one, other) => one - other);
  const counts = countEvents(index, upTo);
  const written = writtenRecords(index, upTo);
  return {
    sends,
    acknowledged,
    failed,
    rejected,
    ...counts,
    recordsPerBatch: counts.batches === 0 ? NaN : counts.appended / counts.batches,
    duplicates: written.duplicates,
    outOfOrder: written.outOfOrder,
    failedButWritten: [...index.records.values()].filter(
      ({ record, error, completedAt }) =>
        happened(completedAt) && error !== null && written.records.has(record),
    ).length,
    medianLatencyMs: latencies.length === 0 ? NaN : latencies[Math.floor((latencies.length - 1) / 2)]!,
    highestLatencyMs: latencies.length === 0 ? NaN : latencies[latencies.length - 1]!,
    endMs: upTo === 0 ? 0 : index.events[upTo - 1]!.atMs,
  };
}

function countEvents(index: RunIndex, upTo: number) {
  const counts = { requests: 0, batches: 0, appended: 0, bytesSent: 0, retries: 0, epochBumps: 0, splits: 0 };
  for (let at = 0; at < upTo; at++) {
    const event = index.events[at]!;
    if (event.stage === 'request-sent') {
      counts.requests++;
      counts.bytesSent += event.sizeInBytes;
    } else if (event.stage === 'batch-opened' && event.allocatedBytes > 0) counts.batches++;
    else if (event.stage === 'appended') counts.appended++;
    else if (event.stage === 'batch-retried') counts.retries++;
    else if (event.stage === 'batch-split') counts.splits++;
    else if (event.stage === 'producer-id' && event.reason === 'bumped') counts.epochBumps++;
  }
  return counts;
}

function writtenRecords(index: RunIndex, upTo: number) {
  const times = new Map<number, number>();
  let outOfOrder = 0;
  for (const [, log] of index.logs) {
    let highest = 0;
    for (const { batch, position } of log) {
      if (position >= upTo || batch === -1) continue;
      for (const record of index.recordsOf(batch)) {
        const before = times.get(record) ?? 0;
        times.set(record, before + 1);
        // A second copy is a duplicate; that it stands behind later records is no second fault.
        if (before === 0 && record < highest) outOfOrder++;
        highest = Math.max(highest, record);
      }
    }
  }
  const duplicates = [...times.values()].reduce((sum, count) => sum + count - 1, 0);
  return { duplicates, outOfOrder, records: times };
}

/** All partitions that a run knows of, in order; `topic-partition` names them elsewhere. */
export function partitionsOf(index: RunIndex): { topic: string; partition: number; name: string }[] {
  const found = new Map<string, { topic: string; partition: number; name: string }>();
  const add = (topic: string, partition: number) => {
    const name = partitionName(topic, partition);
    if (partition >= 0 && !found.has(name)) found.set(name, { topic, partition, name });
  };
  for (const event of index.events) {
    if (event.stage === 'metadata') event.leaders.forEach((_, partition) => add(event.topic, partition));
    else if (event.stage === 'batch-opened' || event.stage === 'log-appended')
      add(event.topic, event.partition);
  }
  return [...found.values()].sort(
    (one, other) => one.topic.localeCompare(other.topic) || one.partition - other.partition,
  );
}
