import type { TraceEvent } from '../trace/trace-event';
import { formatCount } from './format-number';
import { chartSpec } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface RequestsInFlight {
  readonly events: readonly TraceEvent[];
  /** `max.in.flight.requests.per.connection`. */
  readonly limit: number;
  readonly subtitle?: string;
}

/** Draws how many requests wait for each broker's response over time, with the limit as a line. */
export function requestsInFlightChart({ events, limit, subtitle }: RequestsInFlight): VegaLiteSpec {
  const startMs = events[0]?.atMs ?? 0;
  const values = events.flatMap((event) =>
    event.stage === 'request-sent' || event.stage === 'response'
      ? [{ atMs: event.atMs - startMs, inFlight: event.inFlight, broker: `broker ${event.node}` }]
      : [],
  );
  const requests = events.filter(({ stage }) => stage === 'request-sent').length;
  const most = values.reduce((largest, { inFlight }) => Math.max(largest, inFlight), 0);
  const title =
    requests === 0
      ? 'No request went out'
      : `${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}, at most ${most} of ${limit} in flight at a time`;
  const brokers = [...new Set(values.map(({ broker }) => broker))].sort();
  const y = {
    field: 'inFlight',
    type: 'quantitative',
    title: 'requests in flight',
    scale: { domain: [0, limit + 0.6] },
    axis: { tickMinStep: 1, format: 'd' },
  };
  return chartSpec(
    { title, subtitle, description: `Requests in flight over time. ${title}.` },
    {
      height: 170,
      layer: [
        {
          data: { values: [{ inFlight: limit }] },
          mark: { type: 'rule', strokeDash: [5, 4] },
          encoding: { y },
        },
        {
          data: { values: [{ inFlight: limit }] },
          mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 4, dy: -3 },
          encoding: { x: { value: 0 }, y, text: { value: 'max.in.flight.requests.per.connection' } },
        },
        {
          data: { values },
          mark: { type: 'area', interpolate: 'step-after', opacity: 0.55, line: true },
          encoding: {
            x: {
              field: 'atMs',
              type: 'quantitative',
              title: 'since the first send() (ms)',
              scale: { domain: [0, Math.max(1, values[values.length - 1]?.atMs ?? 0)] },
            },
            y: { ...y, stack: null },
            color: {
              field: 'broker',
              type: 'nominal',
              scale: { domain: brokers },
              ...(brokers.length > 1 ? {} : { legend: null }),
            },
            tooltip: ['broker', 'atMs', 'inFlight'].map((field) => ({ field })),
          },
        },
      ],
    },
  );
}
