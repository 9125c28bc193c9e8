import type { TraceEvent } from '../../trace/trace-event';
import { apply, copyOf, firstMoment } from './moment';
import type { Moment } from './moment';
import { RunIndex } from './run-index';

/** Between two kept moments there are at most this many events to go through, or a 256th of a long run. */
const EVENTS_BETWEEN_MOMENTS = 256;

/**
 * A run that can be looked at anywhere. Moments are kept at regular places, so that going to any place costs a copy of one
 * and a few hundred events, however long the run is.
 */
export class Timeline {
  readonly index: RunIndex;
  readonly #kept: Moment[] = [];
  readonly #between: number;
  #current: Moment = firstMoment();

  /** `events` must be sorted by time. */
  constructor(readonly events: readonly TraceEvent[]) {
    this.index = new RunIndex(events);
    this.#between = Math.max(EVENTS_BETWEEN_MOMENTS, Math.ceil(events.length / 256));
    const moment = firstMoment();
    for (const event of events) {
      if (moment.position % this.#between === 0) this.#kept.push(copyOf(moment));
      apply(moment, event);
    }
  }

  /** What is true after the first `position` events. It is to be looked at, and not to be kept: the next call may change it. */
  momentAt(position: number): Moment {
    const wanted = Math.min(Math.max(0, Math.floor(position)), this.events.length);
    const isAhead = wanted >= this.#current.position && wanted - this.#current.position <= this.#between;
    if (!isAhead) this.#current = copyOf(this.#kept[Math.floor(wanted / this.#between)] ?? firstMoment());
    while (this.#current.position < wanted) apply(this.#current, this.events[this.#current.position]!);
    return this.#current;
  }
}
