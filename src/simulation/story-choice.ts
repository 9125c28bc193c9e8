import type { StoryEvent } from './story-event';

export interface ChosenEvents {
  readonly events: readonly StoryEvent[];
  /** By index in `events`: how many like it follow before the next one is told. */
  readonly leftOutAfter: ReadonlyMap<number, number>;
}

/** A story has no more lines than this: nobody reads longer ones. */
export const LONGEST_STORY = 12;

/**
 * The events that explain what broke: causes, and whatever concerns the records that it is about, until it broke. If these are
 * too many, the first and the last of them.
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
    chosen = before.filter(level);
  }
  return chosen.length <= LONGEST_STORY ? { events: chosen, leftOutAfter: new Map() } : shortened(chosen);
}

/** The beginning explains how it came about, the end how it showed. */
function shortened(events: readonly StoryEvent[]): ChosenEvents {
  const head = Math.ceil((LONGEST_STORY * 2) / 3);
  const tail = LONGEST_STORY - head;
  return {
    events: [...events.slice(0, head), ...events.slice(-tail)],
    leftOutAfter: new Map([[head - 1, events.length - LONGEST_STORY]]),
  };
}
