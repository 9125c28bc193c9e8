import fs from 'node:fs';
import path from 'node:path';
import { readTextFile } from '../../support/read-text';
import { CourseError } from '../../support/course-error';
import type { ExerciseDefinition } from './exercise-definition';
import { PROJECT_ROOT } from './manifest';
import { stubFromSolution } from './stub';

/** The stub of one file of an exercise. Made from the solution; a learner's branch has no solutions, and keeps its stubs instead. */
export function stubOf(exercise: ExerciseDefinition, name: string): string {
  const kept = path.join(PROJECT_ROOT, 'stubs', exercise.slug, name);
  if (fs.existsSync(kept)) return readTextFile(kept);
  return stubFromSolution(readSolution(exercise, name), `${exercise.slug}/${name}`);
}

/** Whether a learner has not changed a thing in the exercise yet. */
export function isUntouched(exercise: ExerciseDefinition): boolean {
  return exercise.files.every((name) => {
    const file = path.join(PROJECT_ROOT, 'exercises', exercise.slug, name);
    return fs.existsSync(file) && readTextFile(file) === stubOf(exercise, name);
  });
}

export function readSolution({ slug }: ExerciseDefinition, name: string): string {
  const file = path.join(PROJECT_ROOT, 'solutions', slug, name);
  try {
    return readTextFile(file);
  } catch (cause) {
    const message = `The stub of ${slug} is made from solutions/${slug}/${name}, which is not here: work on a branch that has it.`;
    throw new CourseError(message, 'CONTENT', { cause });
  }
}
