import fs from 'node:fs';
import path from 'node:path';
import type { ExerciseStatus, GradingResult } from '../grading/result';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';

/** What the last grading of `exercises/` said of each exercise, and how many hints were read. */
export interface LearnerProgress {
  readonly status: Readonly<Record<string, ExerciseStatus>>;
  readonly hintsRead: Readonly<Record<string, number>>;
}

const FILE = path.join(PROJECT_ROOT, '.course', 'progress.json');
const NOTHING: LearnerProgress = { status: {}, hintsRead: {} };
const VARIABLE = 'COURSE_PROGRESS';

/** The environment of a run that is to come out alike for everyone: as for somebody who has not begun. */
export const WITHOUT_PROGRESS = { [VARIABLE]: 'none' } as const;

export function readProgress(): LearnerProgress {
  if (process.env[VARIABLE] === WITHOUT_PROGRESS[VARIABLE]) return NOTHING;
  try {
    return { ...NOTHING, ...(JSON.parse(fs.readFileSync(FILE, 'utf8')) as Partial<LearnerProgress>) };
  } catch {
    return NOTHING; // no grading yet, or a file that somebody cut short: the next grading writes it anew
  }
}

function write(progress: LearnerProgress): void {
  fs.mkdirSync(path.dirname(FILE), { recursive: true });
  fs.writeFileSync(`${FILE}.new`, `${JSON.stringify(progress, null, 2)}\n`);
  fs.renameSync(`${FILE}.new`, FILE);
}

export function rememberProgress(result: GradingResult): void {
  const before = readProgress();
  const status = { ...before.status };
  for (const one of result.exercises) status[one.slug] = one.status;
  write({ ...before, status });
}

/** The first exercise that has not passed, in the order of the notebooks, which is not quite that of the exercises' numbers. */
export function nextExercise(status: LearnerProgress['status']): ExerciseDefinition | undefined {
  const order = [...EXERCISES].sort((one, other) => one.notebook.localeCompare(other.notebook));
  return order.find(({ slug }) => status[slug] !== 'pass');
}

/** Counts a hint as read and says which one it was, from 0; the last one stays the last. */
export function nextHint(slug: string, hints: number): number {
  const before = readProgress();
  const index = Math.min(before.hintsRead[slug] ?? 0, hints - 1);
  write({ ...before, hintsRead: { ...before.hintsRead, [slug]: index + 1 } });
  return index;
}
