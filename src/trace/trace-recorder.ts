import type { TraceEvent } from './trace-event';

/** A stage by its name: `EventOf<'appended'>`. */
export type EventOf<Stage extends TraceEvent['stage']> = Extract<TraceEvent, { stage: Stage }>;

/**
 * Keeps what happened: `new KafkaProducer(config, { …, trace: recorder.listener })`. At most `capacity` events are kept, the oldest
 * are dropped and counted, so that a recorder left on never fills the memory.
 */
export class TraceRecorder {
  readonly #events: TraceEvent[] = [];
  readonly #capacity: number;
  #dropped = 0;

  constructor(capacity = 1_000_000) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`A trace recorder keeps 1 event or more, not ${capacity}.`);
    }
    this.#capacity = capacity;
  }

  readonly listener = (event: TraceEvent): void => {
    this.#events.push(event);
    // Twice the capacity before anything is moved: dropping one at a time would cost more than recording.
    if (this.#events.length >= 2 * this.#capacity) {
      this.#dropped += this.#events.length - this.#capacity;
      this.#events.splice(0, this.#events.length - this.#capacity);
    }
  };

  /** In the order in which they happened. */
  get events(): readonly TraceEvent[] {
    return this.#events.length > this.#capacity ? this.#events.slice(-this.#capacity) : this.#events;
  }

  get dropped(): number {
    return this.#dropped + Math.max(0, this.#events.length - this.#capacity);
  }

  of<Stage extends TraceEvent['stage']>(stage: Stage): EventOf<Stage>[] {
    return this.events.filter((event): event is EventOf<Stage> => event.stage === stage);
  }

  /** All that happened to one record, from send() to its callback, its batch and the requests of that batch included. */
  ofRecord(record: number): TraceEvent[] {
    const own = this.events.filter((event) => 'record' in event && event.record === record);
    const appended = own.find((event): event is EventOf<'appended'> => event.stage === 'appended');
    if (appended === undefined) return own;
    const { batch } = appended;
    const requests = new Set(
      this.of('request-sent')
        .filter(({ batches }) => batches.includes(batch))
        .map(({ request }) => request),
    );
    return this.events.filter((event) => {
      if ('record' in event) return event.record === record;
      if ('request' in event) return requests.has(event.request);
      return 'batch' in event && event.batch === batch;
    });
  }

  clear(): void {
    this.#events.length = 0;
    this.#dropped = 0;
  }
}
