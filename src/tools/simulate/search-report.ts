import { formatCount } from '../../charts/format-number';
import type { AreaReport } from '../../simulation/coverage-area';
import type { Counterexample, SearchResult } from '../../simulation/run-search';
import { eventsIn } from '../../simulation/schedule-size';
import { spaceTimeDiagram } from '../../simulation/space-time-layout';
import { spaceTimeText } from '../../simulation/space-time-text';
import { storyOf } from '../../simulation/story';

/** Longer lists are told by their number. */
const MOST_NAMED = 24;

export function summaryText({ runs, tookMs, seed, coverage, counterexample }: SearchResult): string {
  const perSecond = Math.round((runs / tookMs) * 1000);
  const violations = counterexample === null ? 'no promise was broken' : 'a promise was broken';
  return [
    `${formatCount(runs)} ${runs === 1 ? 'schedule' : 'schedules'} with seed ${seed} in ${(tookMs / 1000).toFixed(1)} s, ${formatCount(perSecond)} a second: ${violations}.`,
    '',
    'Coverage, in schedules:',
    ...coverage.report().map(areaText),
  ].join('\n');
}

function areaText({ area, reached, never }: AreaReport): string {
  const total = reached.length + never.length;
  const head = never.length === 0 ? `all ${total}` : `${reached.length} of ${total}`;
  const shown =
    reached.length <= MOST_NAMED ? `: ${reached.map(([name, runs]) => `${name} ${runs}`).join(', ')}` : '';
  const missed = never.length === 0 ? '' : `\n    never: ${named(never)}`;
  return `  ${area}: ${head}${shown}${missed}`;
}

function named(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return names.join(', ');
  return `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more (--json has them all)`;
}

export function counterexampleText(counterexample: Counterexample): string {
  const story = storyOf(counterexample);
  const { foundAfter, schedule, run } = counterexample;
  return [
    `The smallest schedule that was found, of ${eventsIn(schedule)} events; the first was number ${formatCount(foundAfter)}.`,
    '',
    ...story.setting.map((line) => `  ${line}`),
    '',
    ...story.lines,
    '',
    `Broken: ${story.promise}.`,
    `  ${story.violation}`,
    '',
    spaceTimeText(spaceTimeDiagram(story, run)),
    '',
    `Replay it: ${story.replay}`,
  ].join('\n');
}

/** For --json. */
export function searchDocument({ runs, tookMs, seed, coverage, counterexample }: SearchResult): object {
  return {
    version: 1,
    seed,
    runs,
    seconds: tookMs / 1000,
    schedulesPerSecond: (runs / tookMs) * 1000,
    violations: counterexample === null ? 0 : 1,
    coverage: coverage
      .report()
      .map(({ area, reached, never }) => ({ area, reached: Object.fromEntries(reached), never })),
    counterexample: counterexample === null ? null : counterexampleDocument(counterexample),
  };
}

function counterexampleDocument(counterexample: Counterexample): object {
  const { seed, path, foundAfter, schedule, broken, run } = counterexample;
  const story = storyOf(counterexample);
  return {
    seed,
    path,
    foundAfter,
    events: eventsIn(schedule),
    broken: broken.map(({ invariant, promise, message, records }) => ({
      invariant,
      promise,
      message,
      records,
    })),
    setting: story.setting,
    story: story.lines,
    diagram: spaceTimeText(spaceTimeDiagram(story, run)),
    replay: story.replay,
    schedule,
  };
}
