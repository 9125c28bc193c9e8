import type { RunRecord } from './run-record';
import { isSamePlace, placeKey, placeName } from './story-event';
import type { Place, StoryEvent } from './story-event';
import type { Story } from './story';

/** A space-time diagram without its looks: time runs down, each place is a column. */
export interface SpaceTimeDiagram {
  readonly columns: readonly string[];
  readonly rows: readonly DiagramRow[];
  readonly violation: string;
}

export interface DiagramRow {
  /** Number of the event in the story. */
  readonly number: number;
  /** From the start of the run. */
  readonly atMs: number;
  /** Index of the column where it begins and ends; the same for something that happens in one place. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly isCause: boolean;
  readonly isLost: boolean;
  /** How many events are left out behind it. */
  readonly leftOut: number;
}

/** Columns: your code and the producer (for each producer), and each broker. */
export function spaceTimeDiagram(story: Story, run: RunRecord): SpaceTimeDiagram {
  const producers = run.producers.length;
  const places: Place[] = [
    ...run.producers.flatMap(({ index }): Place[] => [
      { is: 'code', producer: index },
      { is: 'producer', producer: index },
    ]),
    ...Array.from({ length: run.schedule.brokers }, (_, index): Place => ({ is: 'broker', node: index + 1 })),
  ];
  const columnOf = (place: Place) => places.findIndex((one) => placeKey(one) === placeKey(place));
  return {
    columns: places.map((place) => placeName(place, producers)),
    rows: story.events.map((event: StoryEvent, index) => {
      const from = columnOf(event.from);
      return {
        number: index + 1,
        atMs: event.atMs - run.startMs,
        from,
        to: isSamePlace(event.from, event.to) ? from : columnOf(event.to),
        label: event.label,
        isCause: event.isCause,
        isLost: event.isLost === true,
        leftOut: story.leftOutAfter.get(index) ?? 0,
      };
    }),
    violation: story.violation,
  };
}
