import type { TraceEvent } from '../trace/trace-event';
import { formatDuration } from './format-duration';
import { formatShare } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

/** One step of a record's way, in milliseconds since its send(). */
export interface WalkStep {
  readonly step: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface RecordWalk {
  /** All that happened to one record: `TraceRecorder.ofRecord()`. */
  readonly events: readonly TraceEvent[];
  readonly subtitle?: string;
}

type Stage = TraceEvent['stage'];

/** Each step ends with an event. What a record had not, for example interceptors, is left out. */
const STEPS: readonly (readonly [end: Stage, step: string, where: string])[] = [
  ['intercepted', '1  interceptors', 'in the interceptors'],
  ['serialized', '2  serializers', 'on metadata and serializers'],
  ['partitioned', '3  partitioner', 'in the partitioner'],
  ['batch-drained', '4  accumulator', 'waiting in its batch'],
  ['request-sent', '5  sender', 'in the sender'],
  ['response', '6, 7  network, broker', 'on its way to the broker and back'],
  ['completed', 'callback', 'until its callback'],
];
const ROW_HEIGHT = 32;
/** Room on the right for the figure behind the longest bar. */
const HEADROOM = 1.18;

/** Returns the steps of one record, in order; none if it was never sent. A retried batch counts up to its last response. */
export function walkOf(events: readonly TraceEvent[]): WalkStep[] {
  const startMs = events.find(({ stage }) => stage === 'send')?.atMs;
  if (startMs === undefined) return [];
  const steps: WalkStep[] = [];
  let fromMs = 0;
  for (const [end, step] of STEPS) {
    const ends = events.filter(({ stage }) => stage === end);
    const last = end === 'response' ? ends[ends.length - 1] : ends[0];
    if (last === undefined) continue;
    const toMs = Math.max(fromMs, last.atMs - startMs);
    steps.push({ step, fromMs, toMs });
    fromMs = toMs;
  }
  return steps;
}

/** Draws one record's way through the seven steps: a bar for each, from its start to its end. */
export function recordWalkChart({ events, subtitle }: RecordWalk): VegaLiteSpec {
  const steps = walkOf(events);
  const totalMs = steps[steps.length - 1]?.toMs ?? 0;
  const longest = steps.reduce<WalkStep | undefined>(
    (most, step) => (most === undefined || length(step) > length(most) ? step : most),
    undefined,
  );
  const title =
    longest === undefined || totalMs === 0
      ? 'This record has not been anywhere'
      : `Of ${formatDuration(totalMs)}, the record spent ${formatShare(length(longest) / totalMs)} ${whereOf(longest)}`;
  const values = steps.map((step) => ({
    ...step,
    took: formatDuration(length(step)),
    kind: step === longest ? 'the longest' : 'the others',
  }));
  const names = steps.map(({ step }) => step);
  const y = {
    field: 'step',
    type: 'nominal',
    sort: names,
    title: null,
    axis: { labelLimit: 200, grid: false },
  };
  const told = values.map(({ step, took }) => `${step}: ${took}`).join(', ');
  return chartSpec(
    { title, subtitle, description: `Timeline of one record. ${title}. ${told}.` },
    {
      height: Math.max(1, steps.length) * ROW_HEIGHT,
      data: { values },
      layer: [
        {
          // The stroke keeps a step of a few microseconds visible.
          mark: { type: 'bar', strokeWidth: 2, height: { band: 0.6 } },
          encoding: {
            x: {
              field: 'fromMs',
              type: 'quantitative',
              title: 'since send() (ms)',
              scale: { domain: [0, totalMs * HEADROOM || 1] },
            },
            x2: { field: 'toMs' },
            y,
            color: {
              field: 'kind',
              type: 'nominal',
              legend: null,
              scale: { domain: ['the longest', 'the others'], range: [COLOURS.orange, COLOURS.blue] },
            },
            stroke: {
              field: 'kind',
              type: 'nominal',
              legend: null,
              scale: { domain: ['the longest', 'the others'], range: [COLOURS.orange, COLOURS.blue] },
            },
            tooltip: [{ field: 'step' }, { field: 'took' }],
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 7, fontSize: 12 },
          encoding: { x: { field: 'toMs', type: 'quantitative' }, y, text: { field: 'took' } },
        },
      ],
    },
  );
}

function length({ fromMs, toMs }: WalkStep): number {
  return toMs - fromMs;
}

function whereOf({ step }: WalkStep): string {
  return STEPS.find(([, name]) => name === step)?.[2] ?? step;
}
