import type { StoryEvent } from './story-event';

export interface ChosenEvents {
  readonly events: readonly StoryEvent[];
  /** By index in `events`: how many are left out before the next one. */
  readonly leftOutAfter: ReadonlyMap<number, number>;
}

/** A story has no more lines than this: nobody reads longer ones. */
export const LONGEST_STORY = 12;

/**
 * The events that explain what broke, until it broke. If there are too many, first what repeats is left out, then what is neither
 * a cause nor about the records that it broke for, and then all but the beginning and the end.
 */
export function chooseEvents(
  events: readonly StoryEvent[],
  records: readonly string[],
  brokeAtMs: number,
): ChosenEvents {
  const concerned = new Set(records);
  const isAbout = (event: StoryEvent) => event.records.some((name) => concerned.has(name));
  const before = events.filter(({ atMs }) => atMs <= brokeAtMs);
  const levels: ((event: StoryEvent) => boolean)[] = [
    () => true,
    (event) => event.isCause || event.records.length === 0 || isAbout(event),
    (event) => event.isCause || isAbout(event),
    (event) => (event.isCause && event.records.length === 0) || isAbout(event),
  ];
  let chosen = before;
  for (const level of levels) {
    if (chosen.length <= LONGEST_STORY) break;
    chosen = withoutRepetition(before.filter(level));
  }
  if (chosen.length > LONGEST_STORY) chosen = beginningAndEnd(chosen);
  return { events: chosen, leftOutAfter: gaps(chosen, before) };
}

/** Of events that repeat, such as the attempts of one batch, the first and the last. */
function withoutRepetition(events: readonly StoryEvent[]): StoryEvent[] {
  const first = new Map<string, StoryEvent>();
  const last = new Map<string, StoryEvent>();
  for (const event of events) {
    if (!first.has(event.kind)) first.set(event.kind, event);
    last.set(event.kind, event);
  }
  return events.filter((event) => first.get(event.kind) === event || last.get(event.kind) === event);
}

/** The beginning explains how it came about, the end how it showed. */
function beginningAndEnd(events: readonly StoryEvent[]): StoryEvent[] {
  const head = Math.ceil((LONGEST_STORY * 2) / 3);
  return [...events.slice(0, head), ...events.slice(head - LONGEST_STORY)];
}

function gaps(chosen: readonly StoryEvent[], all: readonly StoryEvent[]): Map<number, number> {
  const counts = new Map<number, number>();
  let at = -1;
  for (const event of all) {
    if (event === chosen[at + 1]) at++;
    else if (at >= 0) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
}
