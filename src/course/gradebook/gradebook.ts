import fs from 'node:fs';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { CourseKafka } from '../../broker/index';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { gradingResult } from '../grading/grading';
import { runJest } from '../grading/jest-run';
import type { ExerciseResult, GradingResult } from '../grading/result';
import { PROJECT_ROOT } from '../exercises/manifest';
import { chartDrawer } from '../report/draw-charts';
import { writeHtmlReport } from '../report/html-report';
import type { Submission } from './submissions';

const FOLDER = path.join('reports', 'gradebook');

export interface GradedSubmission {
  readonly submission: Submission;
  readonly result: GradingResult;
  /** The page, relative to the project. */
  readonly page: string;
  /** Whether an earlier run had measured just this already. */
  readonly remembered: boolean;
}

/** Grades one submission in a jest run of its own, or takes what an earlier run found for the same answers and graders. */
export async function gradeSubmission(
  submission: Submission,
  exercises: readonly ExerciseDefinition[],
  kafka: CourseKafka,
): Promise<GradedSubmission> {
  const name = fileName(submission.name);
  const page = path.join(FOLDER, `${name}.html`);
  const stored = path.join(PROJECT_ROOT, FOLDER, `${name}.json`);
  const earlier = readStored(stored);
  if (earlier?.fingerprint === submission.fingerprint && fs.existsSync(path.join(PROJECT_ROOT, page))) {
    return { submission, result: earlier.result, page, remembered: true };
  }
  const slugs = exercises.map(({ slug }) => slug);
  const answers = 'submission'; // a name of ours: the folder's may hold anything
  const run = await runJest({
    answerSets: [{ name: answers, folder: submission.folder, slugs }],
    kafka,
  });
  const result = await gradingResult(
    run,
    answers,
    exercises,
    kafka,
    chartDrawer(path.posix.join('gradebook', name)),
  );
  fs.rmSync(run.evidenceFolder, { recursive: true, force: true });
  writeHtmlReport(path.join(PROJECT_ROOT, page), `Submission: ${submission.name}`, [
    { id: 'submission', heading: submission.name, result },
  ]);
  // Written last: whoever stops the gradebook in the middle loses the submission that was being graded, and no other.
  fs.writeFileSync(stored, JSON.stringify({ fingerprint: submission.fingerprint, result }));
  return { submission, result, page, remembered: false };
}

interface Stored {
  readonly fingerprint: string;
  readonly result: GradingResult;
}

function readStored(file: string): Stored | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Stored;
  } catch {
    return undefined; // not graded yet, or cut short: it is graded now
  }
}

/** Folder names may hold what a URL or another system's file may not; two that differ stay different. */
function fileName(name: string): string {
  return encodeURIComponent(name).replaceAll('%', '_');
}

/** One row per submission: total, then points and status of every exercise. */
export function gradebookCsv(
  graded: readonly GradedSubmission[],
  exercises: readonly ExerciseDefinition[],
): string {
  const header = ['submission', 'score', 'max_score', 'percent'];
  for (const { slug } of exercises) header.push(slug, `${slug} status`);
  const rows = graded.map(({ submission, result }) => {
    const percent = result.maxScore === 0 ? 0 : Math.round((1000 * result.score) / result.maxScore) / 10;
    const bySlug = new Map(result.exercises.map((one) => [one.slug, one]));
    const cells = exercises.flatMap(({ slug }) => exerciseCells(bySlug.get(slug)));
    return [submission.name, result.score, result.maxScore, percent, ...cells];
  });
  // Spreadsheets run what begins like a formula, and a folder's name comes from a stranger.
  return stringify([header, ...rows], { escape_formulas: true });
}

function exerciseCells(exercise: ExerciseResult | undefined): (string | number)[] {
  return exercise === undefined ? ['', ''] : [exercise.score, exercise.status];
}
