import fs from 'node:fs';
import path from 'node:path';
import { checkWritable } from '../../course/cli/check-writable';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';
import { progress } from '../../course/cli/progress';
import { PROJECT_ROOT } from '../../course/exercises/manifest';
import { search } from '../../simulation/run-search';
import type { SearchProgress, SearchResult } from '../../simulation/run-search';
import { spaceTimeDiagram } from '../../simulation/space-time-layout';
import { spaceTimeSvg } from '../../simulation/space-time-svg';
import { storyOf } from '../../simulation/story';
import { UsageError } from '../../support/course-error';
import { counterexampleText, searchDocument, summaryText } from './search-report';
import { plantedFaultsCommand } from './planted-faults-check';
import { simulatePlanted } from './simulate-planted';

export interface SimulateFlags {
  readonly runs?: number;
  readonly seed?: number;
  readonly path?: string;
  readonly minutes?: number;
  readonly json?: string;
  /** Not in the help: a file that says what to change in the producer first. */
  readonly plant?: string;
  /** Plants each of these faults instead, or all with `true`, and says which schedule finds it. */
  readonly planted?: true | string[];
}

export const DEFAULT_RUNS = 2000;
const PICTURE = path.join('reports', 'counterexample.svg');

/** `npm run simulate`: the producer through generated schedules on virtual time, and every promise checked in each. */
export async function simulateCommand(flags: SimulateFlags): Promise<ExitCode> {
  const json = flags.json === undefined ? undefined : checkWritable(flags.json, '--json');
  if (flags.path !== undefined && flags.seed === undefined) {
    throw new UsageError('--path names a schedule of one seed: add --seed, as the line to replay it says.');
  }
  if (flags.planted !== undefined) {
    return plantedFaultsCommand(flags.planted === true ? [] : flags.planted, flags.seed ?? drawnSeed());
  }
  if (flags.plant !== undefined) return simulatePlanted(flags.plant, process.argv.slice(2));
  const result = await searchWithProgress(flags);
  const { counterexample } = result;
  console.log(summaryText(result));
  if (counterexample !== null) {
    console.log(`\n${counterexampleText(counterexample)}`);
    const svg = spaceTimeSvg(spaceTimeDiagram(storyOf(counterexample), counterexample.run));
    console.log(`As a picture: ${writePicture(svg)}`);
  }
  if (json !== undefined) fs.writeFileSync(json, `${JSON.stringify(searchDocument(result), null, 2)}\n`);
  return counterexample === null ? EXIT.ok : EXIT.wrong;
}

export function searchWithProgress(flags: SimulateFlags): Promise<SearchResult> {
  const { path: replayed, minutes } = flags;
  const seed = flags.seed ?? drawnSeed();
  const runs = flags.runs ?? (minutes === undefined ? DEFAULT_RUNS : Number.MAX_SAFE_INTEGER);
  const label =
    replayed === undefined ? `Simulating with seed ${seed}` : `Replaying ${replayed} of seed ${seed}`;
  return progress(label, (say) => {
    const startedAt = performance.now();
    return search({
      seed,
      runs,
      ...(replayed === undefined ? {} : { path: replayed }),
      ...(minutes === undefined ? {} : { limitMs: minutes * 60_000 }),
      onRun: (done) => {
        if (done.runs % 50 === 0) say(progressLine(done, label, startedAt));
      },
    });
  });
}

function drawnSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

function progressLine({ phase, runs }: SearchProgress, label: string, startedAt: number): string {
  if (phase === 'shrinking')
    return `${label}: a promise broke; looking for the smallest schedule, ${runs} tried`;
  const perSecond = (runs / (performance.now() - startedAt)) * 1000;
  return `${label}: ${runs} schedules, ${perSecond.toFixed(0)} a second`;
}

function writePicture(svg: string): string {
  const file = path.join(PROJECT_ROOT, PICTURE);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, svg);
  return file;
}
