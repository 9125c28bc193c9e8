import type { Counterexample } from './run-search';
import type { BrokenInvariant } from './invariants/invariant';
import type { RunRecord } from './run-record';
import { settingOf } from './story-setting';
import { chooseEvents } from './story-choice';
import type { StoryEvent } from './story-event';
import { storyEvents } from './story-events';

export interface Story {
  /** What the run began with: cluster, topics, configs, parts. */
  readonly setting: readonly string[];
  /** Numbered, in plain words. */
  readonly lines: readonly string[];
  /** What `lines` tell, for a diagram. */
  readonly events: readonly StoryEvent[];
  readonly leftOutAfter: ReadonlyMap<number, number>;
  /** The promise, and how it was broken. */
  readonly promise: string;
  readonly violation: string;
  /** The line that replays it. */
  readonly replay: string;
}

/** A counterexample in words. */
export function storyOf({ seed, path, run, broken }: Counterexample): Story {
  const first = broken[0]!;
  const { events, leftOutAfter } = chooseEvents(
    storyEvents(run),
    recordsOf(broken, first),
    first.atMs ?? run.endMs,
  );
  return {
    setting: settingOf(run.schedule),
    lines: linesOf(run, events, leftOutAfter),
    events,
    leftOutAfter,
    promise: `(${first.invariant}) ${first.promise}`,
    violation: first.message,
    replay: `npm run simulate -- --seed ${seed} --path ${path}`,
  };
}

function recordsOf(broken: readonly BrokenInvariant[], first: BrokenInvariant): string[] {
  const same = broken.filter(({ invariant }) => invariant === first.invariant);
  return [...new Set(same.slice(0, 2).flatMap(({ records }) => records))];
}

function linesOf(
  run: RunRecord,
  events: readonly StoryEvent[],
  leftOutAfter: ReadonlyMap<number, number>,
): string[] {
  return events.flatMap((event, index) => {
    const at = `${event.atMs - run.startMs} ms`.padStart(10);
    const line = `${String(index + 1).padStart(3)}. ${at}  ${event.text}.`;
    const leftOut = leftOutAfter.get(index);
    if (leftOut === undefined) return [line];
    return [line, `${' '.repeat(17)}(${leftOut === 1 ? 'one more event' : `${leftOut} more events`})`];
  });
}
