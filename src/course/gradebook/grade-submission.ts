import fs from 'node:fs';
import path from 'node:path';
import type { CourseKafka } from '../../broker/index';
import { coursePath } from '../../support/project-paths';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { gradingResult } from '../grading/grading';
import { runJest } from '../grading/jest-run';
import type { ExerciseResult } from '../grading/result';
import { chartDrawer } from '../report/draw-charts';
import { fileNameOf } from './store';

export interface GradingRequest {
  readonly name: string;
  /** `06-key-partitioner/key-partitioner.ts` → its text. */
  readonly answers: ReadonlyMap<string, string>;
  readonly exercises: readonly ExerciseDefinition[];
  readonly kafka: CourseKafka;
  readonly signal?: AbortSignal;
}

/** Grades some exercises of one submission in a jest run of its own, on a copy that holds plain files only. */
export async function gradeAnswers(request: GradingRequest): Promise<readonly ExerciseResult[]> {
  const { name, answers, exercises, kafka, signal } = request;
  const folder = stage(answers);
  const answerSet = 'submission'; // a name of ours: the learner's may hold anything
  try {
    const slugs = exercises.map(({ slug }) => slug);
    const run = await runJest({ answerSets: [{ name: answerSet, folder, slugs }], kafka, signal });
    const draw = chartDrawer(path.posix.join('gradebook', fileNameOf(name)));
    const { exercises: results } = await gradingResult(run, answerSet, exercises, kafka, draw);
    fs.rmSync(run.evidenceFolder, { recursive: true, force: true });
    return results;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function stage(answers: ReadonlyMap<string, string>): string {
  fs.mkdirSync(coursePath('gradebook'), { recursive: true });
  const folder = fs.mkdtempSync(coursePath('gradebook', 'submission-'));
  for (const [name, text] of answers) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return folder;
}
