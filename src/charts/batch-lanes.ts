import type { TraceEvent } from '../trace/trace-event';
import { formatCount, formatRecords } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

/** The life of a batch, in milliseconds since the first event of the trace. */
export interface BatchSpan {
  readonly batch: number;
  readonly partition: number;
  readonly openedMs: number;
  /** When the sender first drained it, and why. */
  readonly drainedMs: number;
  /** When its records succeeded or failed; null before that. */
  readonly completedMs: number | null;
  readonly records: number;
  readonly sizeInBytes: number;
  readonly reason: string;
}

export interface BatchLanes {
  readonly events: readonly TraceEvent[];
  readonly subtitle?: string;
}

/** Why a batch left, in the words of a title, and its colour. */
const REASONS: readonly (readonly [reason: string, words: string, colour: string])[] = [
  ['full', 'full', COLOURS.blue],
  ['linger', 'linger over', COLOURS.orange],
  ['along', 'along with another', COLOURS.sky],
  ['memory', 'memory exhausted', COLOURS.green],
  ['flush', 'flush()', COLOURS.purple],
  ['close', 'close()', COLOURS.vermillion],
  ['retry', 'retry', COLOURS.black],
];
const IN_FLIGHT = 'with the broker';
const LANE_HEIGHT = 9;

/** Returns every batch that left, in the order in which they were opened. */
export function batchSpans(events: readonly TraceEvent[]): BatchSpan[] {
  const startMs = events[0]?.atMs ?? 0;
  const opened = new Map<number, number>();
  const spans = new Map<number, BatchSpan>();
  for (const event of events) {
    const atMs = event.atMs - startMs;
    if (event.stage === 'batch-opened') opened.set(event.batch, atMs);
    if (event.stage === 'batch-drained' && !spans.has(event.batch)) {
      const { batch, partition, records, sizeInBytes, reason } = event;
      const openedMs = opened.get(batch) ?? atMs;
      spans.set(batch, {
        batch,
        partition,
        openedMs,
        drainedMs: atMs,
        completedMs: null,
        records,
        sizeInBytes,
        reason,
      });
    }
    if (event.stage === 'batch-completed' || event.stage === 'batch-failed') {
      const span = spans.get(event.batch);
      if (span !== undefined) spans.set(event.batch, { ...span, completedMs: atMs });
    }
  }
  return [...spans.values()].sort((one, other) => one.batch - other.batch);
}

/** Draws the batches of each partition over time: filling in the colour of the reason why they left, then grey while the broker has them. */
export function batchLanesChart({ events, subtitle }: BatchLanes): VegaLiteSpec {
  const spans = batchSpans(events);
  const records = spans.reduce((sum, span) => sum + span.records, 0);
  const reasons = REASONS.map(([reason, words, colour]) => {
    return { words, colour, count: spans.filter((span) => span.reason === reason).length };
  }).filter(({ count }) => count > 0);
  const told = reasons.map(({ words, count }) => `${formatCount(count)} ${words}`).join(', ');
  const title =
    spans.length === 0
      ? 'No batch has left'
      : `${formatRecords(records)} went out in ${formatCount(spans.length)} ${spans.length === 1 ? 'batch' : 'batches'}: ${told}`;
  const partitions = [...new Set(spans.map(({ partition }) => partition))].sort((a, b) => a - b);
  const { lanes, values } = inLanes(spans);
  const rows = partitions.map(String);
  return chartSpec(
    { title, subtitle, description: `Timeline of the batches of ${rows.length} partitions. ${title}.` },
    {
      height: Math.max(1, rows.length) * Math.max(28, lanes * LANE_HEIGHT),
      data: { values },
      mark: { type: 'bar', stroke: '#FFFFFF', strokeWidth: 0.5 },
      encoding: {
        x: {
          field: 'fromMs',
          type: 'quantitative',
          title: 'since the first send() (ms)',
          scale: { domain: [0, Math.max(1, ...values.map(({ toMs }) => toMs))] },
        },
        x2: { field: 'toMs' },
        y: { field: 'partition', type: 'nominal', sort: rows, title: 'partition', axis: { grid: false } },
        yOffset: { field: 'lane', type: 'nominal', sort: null },
        color: {
          field: 'kind',
          type: 'nominal',
          scale: {
            domain: [...reasons.map(({ words }) => words), IN_FLIGHT],
            range: [...reasons.map(({ colour }) => colour), COLOURS.grey],
          },
        },
        tooltip: ['batch', 'records', 'sizeInBytes', 'kind'].map((field) => ({ field })),
      },
    },
  );
}

/** Batches of one partition overlap when several are full or in flight: each gets the first lane that is free again. */
function inLanes(spans: readonly BatchSpan[]) {
  const ends = new Map<number, number[]>();
  let lanes = 1;
  const values = spans.flatMap((span) => {
    const { batch, partition, openedMs, drainedMs, records, sizeInBytes } = span;
    const completedMs = span.completedMs ?? drainedMs;
    const busy = ends.get(partition) ?? [];
    ends.set(partition, busy);
    const free = busy.findIndex((endMs) => endMs <= openedMs);
    const lane = free === -1 ? busy.length : free;
    busy[lane] = completedMs;
    lanes = Math.max(lanes, busy.length);
    const words = REASONS.find(([reason]) => reason === span.reason)?.[1] ?? span.reason;
    const shared = { batch, partition: String(partition), lane: String(lane), records, sizeInBytes };
    return [
      { ...shared, fromMs: openedMs, toMs: drainedMs, kind: words },
      { ...shared, fromMs: drainedMs, toMs: completedMs, kind: IN_FLIGHT },
    ];
  });
  return { lanes, values };
}
