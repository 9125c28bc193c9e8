import { performance } from 'node:perf_hooks';
import { SystemClock } from '../support/clock';
import type { Clock } from '../support/clock';
import type { TraceEvent, TraceListener } from '../trace/trace-event';
import { callGuarded } from './user-code';

/**
 * The listener as the producer calls it: one that throws does not change what becomes of a record. With the real clock, events
 * carry fractions of a millisecond, because the seven steps of a record take less than one together.
 */
export function guardedTrace(listener: TraceListener | undefined, clock: Clock): TraceListener | null {
  if (listener === undefined) return null;
  const isPrecise = clock instanceof SystemClock;
  return (event: TraceEvent) => {
    const timed = isPrecise ? { ...event, atMs: performance.timeOrigin + performance.now() } : event;
    callGuarded('The trace listener', () => listener(timed));
  };
}
